from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record_changes
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.ids import new_id
from niaga.core.money import round_amount
from niaga.invoicing.errors import NoSmallRest, ReasonMissing, WritesOffTooMuch
from niaga.invoicing.models import Invoice, WriteOff, WriteOffDeed, WriteOffKind
from niaga.invoicing.queries.write_off_gate import claim_with_gate, refuse_without_yes
from niaga.invoicing.queries.write_offs import small_rest_of
from niaga.invoicing.services.allocate import OpenInvoice, Share, allocate, lock_open_invoices
from niaga.ledger.rules.postings import in_document, write_off_postings
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.credit import lock_credit_accounts
from niaga.parties.services.post_exposure import post_exposure
from niaga.parties.services.write_timeline import write_timeline

MOST = 200
"""Invoices in one deed."""


@transaction.atomic
def write_off_invoice(
    *, invoice_id: UUID, amount: Decimal | None = None, reason: str, by: Actor, at: datetime
) -> WriteOffDeed:
    """Give up what is open of an issued invoice, or `amount` of it. The invoice stays; this stands beside it.

    The whole of a rest that is not above the company's threshold is a difference and needs nobody's yes. For
    everything else the rules about approvals hold. PPN stays owed to the state: the VAT law lessens it for returned
    goods and cancelled services only (UU PPN Art. 5A), not for a debt that is not paid.

    :raises NotFound: no such issued invoice
    :raises Forbidden: the person may not write it off
    :raises ReasonMissing: no reason was given
    :raises WritesOffTooMuch: no amount above nothing, finer than the currency's unit, or more than is open
    :raises ApprovalNeeded: a rule asks for a yes that nobody gave to so much
    :raises PeriodClosed: the books of today's month are closed
    """
    claim = claim_with_gate(invoice_id)
    access_of(by).require("invoice", "write_off", claim)
    [account_id] = [one.account_id for one in lock_credit_accounts([claim.customer_id]).values()]
    [invoice] = lock_open_invoices(invoice_ids=[invoice_id])
    given_up = invoice.open if amount is None else amount
    if not 0 < given_up <= invoice.open or given_up != round_amount(given_up, invoice.currency):
        raise WritesOffTooMuch(field="amount", open=invoice.open)
    small = given_up == invoice.open and invoice.settles(given_up) <= small_rest_of(claim.company_id)
    today = day_at(at=at, zone=claim.branch.zone)
    if not small:
        refuse_without_yes(claim, amount=given_up, today=today)
    kind = WriteOffKind.DIFFERENCE if small else WriteOffKind.BAD_DEBT
    return _write([(claim, invoice, given_up)], {invoice.customer_id: account_id}, kind, reason, by=by, at=at)


@transaction.atomic
def write_off_rests(*, invoice_ids: Sequence[UUID], reason: str, by: Actor, at: datetime) -> WriteOffDeed:
    """Give up the small rests of many invoices in one deed: those not above the company's threshold, and nothing else.
    The same statements for one and for many.

    :raises NoSmallRest: none of them has such a rest, or more are named than one deed takes
    :raises Forbidden: the person may not write off one of those that have
    :raises ReasonMissing: no reason was given
    :raises PeriodClosed: the books of today's month are closed
    """
    rows = Invoice.objects.select_related("branch", "company").filter(pk__in=list(invoice_ids), status="issued")
    found = {one.pk: one for one in rows.exclude(kind="credit_note").exclude(balance__settled_at__isnull=False)}
    access = access_of(by)
    access.require("invoice", "write_off")
    if not found or len(set(invoice_ids)) > MOST or len({one.company_id for one in found.values()}) > 1:
        raise NoSmallRest()
    accounts = lock_credit_accounts({one.customer_id for one in found.values()})
    most = small_rest_of(next(iter(found.values())).company_id)
    parts = []
    for one in lock_open_invoices(invoice_ids=list(found)):
        if one.open and one.settles(one.open) <= most:
            access.require("invoice", "write_off", found[one.invoice_id])
            parts.append((found[one.invoice_id], one, one.open))
    if not parts:
        raise NoSmallRest()
    by_customer = {key: account.account_id for key, account in accounts.items()}
    return _write(parts, by_customer, WriteOffKind.DIFFERENCE, reason, by=by, at=at)


def _write(
    parts: Sequence[tuple[Invoice, OpenInvoice, Decimal]],
    accounts: dict[UUID, UUID],
    kind: WriteOffKind,
    reason: str,
    *,
    by: Actor,
    at: datetime,
) -> WriteOffDeed:
    """One deed: its parts, what they settle, an entry and a change of credit for each customer."""
    if not reason.strip():
        raise ReasonMissing(field="reason")
    first = parts[0][0]
    today = day_at(at=at, zone=first.branch.zone)
    deed = WriteOffDeed(
        id=new_id(), company_id=first.company_id, kind=kind, reason=reason.strip()[:1000], date=today, at=at, by=by.id
    )
    batch = Batch()
    number = batch.draw(
        company_id=first.company_id, kind="write_off", period=str(today.year), prefix=f"WO-{today.year}-"
    )
    row = {one.attname: getattr(deed, one.attname) for one in deed._meta.concrete_fields}
    batch.insert(WriteOffDeed, [{**row, "number": number}])
    batch.insert(
        WriteOff,
        [
            {"id": new_id(), "invoice_id": one.invoice_id, "currency": one.currency, "amount": amount,
             "base_amount": one.settles(amount)}
            for _claim, one, amount in parts
        ],
        deed_id=deed.id,
    )  # fmt: skip
    allocate(
        batch=batch, invoices=[Share(one, amount) for _claim, one, amount in parts], source_kind="write_off",
        source_id=deed.id, today=today, by=by.id, at=at,
    )  # fmt: skip
    grouped: dict[tuple[UUID, UUID, str], list[tuple[Invoice, OpenInvoice, Decimal]]] = {}
    for part in parts:
        grouped.setdefault((part[1].customer_id, part[0].branch_id, part[1].currency), []).append(part)
    owed: dict[UUID, Decimal] = {}
    for (customer_id, branch_id, currency), own in grouped.items():
        home = own[0][1].home
        settled = sum((one.settles(amount) for _claim, one, amount in own), Decimal(0))
        told = sum((amount for _claim, _one, amount in own), Decimal(0))
        owed[customer_id] = owed.get(customer_id, Decimal(0)) + settled
        postings = write_off_postings(small=kind == WriteOffKind.DIFFERENCE, amount=settled)
        if currency != home:
            postings = in_document(postings, {postings[0].role: told, "receivable": -told})
        post_entry(
            batch=batch, company_id=deed.company_id, branch_id=branch_id, date=today, source_kind="write_off",
            source_id=deed.id, number=number, currency=home, document_currency="" if currency == home else currency,
            postings=postings, customer_id=customer_id, by=by.id, at=at,
        )  # fmt: skip
    for customer_id, settled in owed.items():
        post_exposure(
            batch=batch, account_id=accounts[customer_id], source_kind="write_off", source_id=deed.id,
            invoices=-settled, at=at,
        )  # fmt: skip
    record_changes(
        batch=batch, subject_kind="invoice", verb="write_off", by=by.id, at=at, company_id=deed.company_id,
        changes=[
            (one.invoice_id, {"amount": str(amount), "kind": str(kind), "reason": deed.reason})
            for _claim, one, amount in parts
        ],
    )  # fmt: skip
    if len(parts) == 1:
        claim, one, amount = parts[0]
        write_timeline(
            batch=batch, customer_id=one.customer_id, company_id=deed.company_id, kind="invoice.written_off",
            subject_kind="invoice", subject_id=one.invoice_id, number=claim.number or "", amount=amount,
            currency=one.currency, text=deed.reason, actor_id=by.id, at=at,
        )  # fmt: skip
    deed.number = batch.write()[number]
    return deed
