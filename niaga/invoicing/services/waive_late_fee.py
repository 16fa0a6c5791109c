from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound, WrongState
from niaga.core.money import round_amount
from niaga.invoicing.errors import NothingToWaive, ReasonMissing
from niaga.invoicing.models import Invoice, InvoiceLine, LateFeeDays, LateFeeWaiver
from niaga.invoicing.queries.charged_fees import still_charged
from niaga.invoicing.services.discard_draft import discard_draft
from niaga.invoicing.services.draft_credit_note import draft_credit_note
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.lessen_fee_line import lessen_fee_line
from niaga.organization.access import Actor, access_of


@transaction.atomic
def waive_late_fee(
    *, days_id: UUID, amount: Decimal | None = None, reason: str, by: Actor, at: datetime
) -> LateFeeWaiver:
    """Let go of a late fee that a fee invoice charges for one part, or of an `amount` of it (without tax): a draft is
    lessened, or discarded when nothing is left; an issued one gets its credit note, issued at once.

    :raises NotFound: no such charge, or it was released
    :raises Forbidden: the person may not waive late fees of this customer
    :raises ReasonMissing: no reason was given
    :raises Invalid: an amount that is not above zero, or more than is charged
    :raises NothingToWaive: nothing of it is charged any more
    """
    days = LateFeeDays.objects.select_related("fee").filter(pk=days_id, released_at=None).first()
    if days is None or days.fee is None:
        raise NotFound()
    reason = reason.strip()[:1000]
    # before the account, as who issues it; who pays it holds the account and names the invoice, and need not wait
    rows = Invoice.objects.select_for_update(of=("self",), no_key=True).select_related("branch", "company", "customer")
    invoice = rows.get(pk=days.fee.invoice_id)
    access_of(by).require("invoice", "waive", invoice)
    if not reason:
        raise ReasonMissing(field="reason")
    left = still_charged(days.pk)
    amount = left if amount is None else amount
    if not left:
        raise NothingToWaive()
    if not 0 < amount <= left or amount != round_amount(amount, days.currency):
        raise Invalid(_("Write an amount above zero, and no more than what is charged."), field="amount")
    batch, note_id = Batch(), None
    assert days.line_id is not None
    line = InvoiceLine.objects.get(pk=days.line_id)
    if invoice.status == "draft":
        if not lessen_fee_line(batch=batch, invoice=invoice, line=line, to=left - amount, at=at):
            discard_draft(batch=batch, invoice=invoice, reason=reason, keeps_days=True, by=by.id, at=at)
    elif invoice.status == "issued":
        note_id = draft_credit_note(
            batch=batch, invoice=invoice, home=invoice.company.currency, nets={line.pk: amount}, reason=reason,
            open_order_amount=Decimal(0), by=by.id, at=at, today=day_at(at=at, zone=invoice.branch.zone),
        ).id  # fmt: skip
    else:
        raise WrongState()
    record(
        batch=batch, subject_kind="invoice", subject_id=days.invoice_id, verb="waive_late_fee", by=by.id, at=at,
        company_id=invoice.company_id, note=reason, data={"amount": str(amount), "days": str(days.pk)},
    )  # fmt: skip
    batch.write()
    waiver = LateFeeWaiver.objects.create(
        days=days, amount=amount, reason=reason, credit_note_id=note_id, by=by.id, at=at
    )
    if note_id is not None:
        issue_invoice(invoice_id=note_id, by=by, at=at)
    return waiver
