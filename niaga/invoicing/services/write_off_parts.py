from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from niaga.core.audit import record_changes
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.ids import new_id
from niaga.invoicing.errors import ReasonMissing
from niaga.invoicing.models import Invoice, WriteOff, WriteOffDeed, WriteOffKind
from niaga.invoicing.services.allocate import OpenInvoice, Share, allocate
from niaga.ledger.rules.postings import in_document, write_off_postings
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor
from niaga.parties.services.post_exposure import post_exposure
from niaga.parties.services.write_timeline import write_timeline


def write_off_parts(
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
