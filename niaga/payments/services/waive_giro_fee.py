from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid
from niaga.core.ids import new_id
from niaga.core.money import round_amount
from niaga.invoicing.queries.crediting import lock_issued_invoice
from niaga.invoicing.services.draft_credit_note import draft_credit_note
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import Actor, access_of
from niaga.payments.errors import GiroFeeWaived, NoGiroFee, ReasonMissing
from niaga.payments.models import GiroFee, GiroFeeWaiver
from niaga.payments.queries.giro_fees import fee_left


@transaction.atomic
def waive_giro_fee(
    *, payment_id: UUID, amount: Decimal | None = None, reason: str, by: Actor, at: datetime
) -> GiroFeeWaiver:
    """Let go of what a customer was charged for a returned giro, or of an `amount` of it (without tax): by a credit
    note, issued at once. It is not charged anew.

    :raises NoGiroFee: nothing was charged for this payment
    :raises Forbidden: the person may not waive fees of this customer
    :raises ReasonMissing: no reason was given
    :raises Invalid: an amount that is not above zero, or more than is charged
    :raises GiroFeeWaived: nothing of it is charged any more
    :raises PeriodClosed: the books of today's month are closed
    """
    fee = GiroFee.objects.filter(reversal__payment_id=payment_id).first()
    access_of(by).require("invoice", "waive")
    if fee is None:
        raise NoGiroFee()
    invoice = lock_issued_invoice(fee.invoice_id)
    access_of(by).require("invoice", "waive", invoice)
    reason = reason.strip()[:1000]
    if not reason:
        raise ReasonMissing(field="reason")
    left = fee_left(fee.pk)
    amount = left if amount is None else amount
    if left <= 0:
        raise GiroFeeWaived()
    if not amount.is_finite() or not 0 < amount <= left or amount != round_amount(amount, fee.currency):
        raise Invalid(_("Write an amount above zero, and no more than what is charged."), field="amount")
    batch, waiver_id = Batch(), new_id()
    note = draft_credit_note(
        batch=batch, invoice=invoice, home=invoice.company.currency, nets={fee.line_id: amount}, reason=reason,
        open_order_amount=Decimal(0), by=by.id, at=at, today=day_at(at=at, zone=invoice.branch.zone),
    )  # fmt: skip
    batch.insert(
        GiroFeeWaiver,
        [{"id": waiver_id, "fee_id": fee.pk, "amount": amount, "reason": reason, "credit_note_id": note.id, "at": at,
          "by": by.id}],
    )  # fmt: skip
    record(
        batch=batch, subject_kind="payment", subject_id=payment_id, verb="waive_giro_fee", by=by.id, at=at,
        company_id=fee.company_id, note=reason, data={"amount": str(amount), "currency": fee.currency},
    )  # fmt: skip
    batch.write()
    issue_invoice(invoice_id=note.id, by=by, at=at)
    return GiroFeeWaiver.objects.get(pk=waiver_id)
