from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.core.money import round_amount
from niaga.invoicing.errors import NoTaxByBuyer, SlipNumberTaken, SlipTooLarge
from niaga.invoicing.models import InvoiceBalance, TaxSlip
from niaga.invoicing.queries.tax_slips import slip_left
from niaga.ledger.rules.postings import slip_postings
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor, access_of

LONGEST = 40
"""Characters of a slip's number."""


@transaction.atomic
def record_tax_slip(
    *, invoice_id: UUID, number: str, day: date, amount: Decimal | None = None, by: Actor, at: datetime
) -> TaxSlip:
    """Settle the tax that a collector paid to the state with its slip; without an amount all that is left of it.

    Output tax is owed to the state no longer: it is posted against the claim on the slip. The scan of the slip is a
    file of the invoice.

    :raises NotFound: no issued invoice
    :raises Forbidden: the person may not record it
    :raises Invalid: no number, a day before the invoice or ahead, or no amount
    :raises NoTaxByBuyer: the buyer pays the tax to us
    :raises SlipTooLarge: more than what is left
    :raises SlipNumberTaken: the invoice has this slip
    :raises PeriodClosed: the books of today's month are closed
    """
    balance = (
        InvoiceBalance.objects.select_for_update(of=("self",)).select_related("invoice__branch")
        .filter(invoice_id=invoice_id).exclude(kind="credit_note").first()
    )  # fmt: skip
    if balance is None:
        raise NotFound()
    invoice = balance.invoice
    access_of(by).require("tax_filing", "record", company_id=invoice.company_id)
    if not invoice.tax_by_buyer:
        raise NoTaxByBuyer()
    number, today = number.strip(), day_at(at=at, zone=invoice.branch.zone)
    if not 0 < len(number) <= LONGEST:
        raise Invalid(_("Write the number of the slip, at most 40 characters."), field="number")
    if invoice.date is None or not invoice.date <= day <= today:
        raise Invalid(_("A slip is not older than its invoice, and not of a day to come."), field="date")
    left = slip_left(invoice_id=invoice.id)
    amount = left.amount if amount is None else amount
    if amount != round_amount(amount, invoice.currency) or amount < 0:
        raise Invalid(_("Enter an amount above zero, in the currency's smallest unit."), field="amount")
    if amount > left.amount or not amount:
        raise SlipTooLarge(field="amount", available=left.amount)
    luxury = max(amount - left.tax, Decimal(0))
    slip = TaxSlip(
        id=new_id(), company_id=invoice.company_id, invoice_id=invoice.id, number=number, date=day, amount=amount,
        luxury_tax=luxury, recorded_by=by.id, recorded_at=at,
    )  # fmt: skip
    batch = Batch()
    columns = ("id", "company_id", "invoice_id", "number", "date", "amount", "luxury_tax", "recorded_by", "recorded_at")
    batch.insert(TaxSlip, [{name: getattr(slip, name) for name in columns}])
    post_entry(
        batch=batch, company_id=invoice.company_id, branch_id=invoice.branch_id, date=today, source_kind="tax_slip",
        source_id=slip.id, number=number, currency=invoice.currency,
        postings=slip_postings(tax=amount - luxury, luxury_tax=luxury), customer_id=invoice.customer_id, by=by.id,
        at=at,
    )  # fmt: skip
    record(
        batch=batch, subject_kind="invoice", subject_id=invoice.id, verb="tax_slip", by=by.id, at=at,
        company_id=invoice.company_id, note=number, data={"number": number, "amount": str(amount)},
    )  # fmt: skip
    try:
        with transaction.atomic():
            batch.write()
    except IntegrityError as error:
        if "one_tax_slip_number" not in str(error):
            raise
        raise SlipNumberTaken(field="number") from error
    return slip
