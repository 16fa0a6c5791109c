from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.core.money import round_amount
from niaga.invoicing.queries.fee_tax import fee_tax
from niaga.invoicing.services.draft_fee import draft_fee, fee_line
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.queries.selling_facts import customer_facts
from niaga.payments.errors import GiroFeeCharged, GiroNotReturned
from niaga.payments.models import GiroFee
from niaga.payments.queries.giro_fees import giro_fee_setting
from niaga.payments.queries.locked import customer_of_payment, lock_payment
from niaga.payments.rules.giro_fee import giro_fee_text

MOST = Decimal(10) ** 9


@transaction.atomic
def charge_giro_fee(*, payment_id: UUID, amount: Decimal, by: Actor, at: datetime) -> UUID:
    """Charge the customer for a giro that the bank returned, once: an invoice of `amount` (without tax, in the
    company's own currency), taxed as the setting says, issued and due at once. Returns the invoice's id.

    A series is drawn from: called last in an outer transaction.

    :raises NotFound: no such payment
    :raises Forbidden: the person may not write and issue invoices
    :raises GiroNotReturned: it is no giro, or the bank did not return it
    :raises GiroFeeCharged: its fee was charged before
    :raises Invalid: an amount that is not above zero, or too large
    :raises LateFeeTaxMissing: the setting's tax category has no rate today
    :raises PeriodClosed: the books of today's month are closed
    """
    customer_id = customer_of_payment(payment_id)
    lock_credit_account(customer_id)
    payment = lock_payment(payment_id)  # who charges the same return waits here, and then finds it charged
    for action in ("create", "issue"):
        access_of(by).require("invoice", action, payment)
    reversal = getattr(payment, "reversal", None)
    if reversal is None or not reversal.bounced:
        raise GiroNotReturned()
    if GiroFee.objects.filter(reversal=reversal).exists():
        raise GiroFeeCharged()
    home = payment.company.currency
    if not amount.is_finite() or not 0 < amount <= MOST or amount != round_amount(amount, home):
        raise Invalid(_("Write what the customer is charged: an amount above zero."), field="giro_fee")
    customer = customer_facts(customer_id=customer_id)
    if customer is None:
        raise NotFound(field="customer")
    category_id = giro_fee_setting(payment.company_id).tax_category_id
    rate, treatment = fee_tax(category_id=category_id, customer=customer, branch_id=payment.branch_id, at=at)
    text = giro_fee_text(
        reference=payment.reference, bank=payment.giro_bank, number=payment.number,
        day=reversal.bank_date or reversal.date, language=customer.language,
    )  # fmt: skip
    line = fee_line(place=1, text=text, amount=amount, rate=rate, currency=home, tax_category_id=category_id)
    batch = Batch()
    invoice_id = draft_fee(
        batch=batch, kind="giro_fee", customer=customer, branch_id=payment.branch_id,
        salesperson_id=payment.salesperson_id, currency=home, home=home, lines=[line], treatment=treatment, by=by.id,
        at=at, today=day_at(at=at, zone=payment.branch.zone),
    )  # fmt: skip
    batch.insert(
        GiroFee,
        [{"id": new_id(), "company_id": payment.company_id, "reversal_id": reversal.pk, "invoice_id": invoice_id,
          "line_id": line["id"], "currency": home, "amount": amount, "at": at, "by": by.id}],
    )  # fmt: skip
    record(
        batch=batch, subject_kind="payment", subject_id=payment.pk, verb="charge_giro_fee", by=by.id, at=at,
        company_id=payment.company_id, data={"amount": str(amount), "currency": home, "invoice": str(invoice_id)},
    )  # fmt: skip
    batch.write()
    issue_invoice(invoice_id=invoice_id, by=by, at=at)
    return invoice_id
