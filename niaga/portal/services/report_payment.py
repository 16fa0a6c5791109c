from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid
from niaga.core.money import round_amount
from niaga.invoicing.services.allocate import lock_open_invoices
from niaga.invoicing.services.promise_payment import promise_payment
from niaga.portal.errors import NothingOpen, ReportedAlready
from niaga.portal.models import PortalCase
from niaga.portal.queries.owed import invoice_of
from niaga.portal.queries.visitors import Visitor
from niaga.portal.services.open_case import Files, open_case

LOOKED_FOR = timedelta(days=3)
"""How long reminders rest while the office looks for the money."""
LONG_AGO = timedelta(days=366)
MOST = Decimal(10) ** 14


@transaction.atomic
def report_payment(
    *, visitor: Visitor, invoice_id: UUID, amount: Decimal, paid_on: date, bank: str, text: str, files: Files,
    at: datetime,
) -> UUID:  # fmt: skip
    """Note that the customer says they paid an invoice. Nothing is settled by it: a person finds the money first.
    Reminders of it rest for three days. Returns the case's id.

    :raises NotFound: no such invoice of the customer
    :raises NothingOpen: it is paid, or is no claim
    :raises ReportedAlready: a payment of it was told and is being looked for
    :raises Invalid: the amount or the day cannot be
    :raises BadProof: a file is neither a picture nor a PDF
    """
    today = day_at(at=at, zone=visitor.zone)
    invoice = invoice_of(visitor, invoice_id, today=today)
    locked = lock_open_invoices(invoice_ids=[invoice_id])
    if not locked or locked[0].open <= 0 or invoice.kind == "credit_note":
        raise NothingOpen()
    if PortalCase.objects.filter(invoice_id=invoice_id, kind="payment", status="open").exists():
        raise ReportedAlready()
    if not 0 < amount < MOST or amount != round_amount(amount, invoice.currency):
        raise Invalid(_("Write the amount that you paid."), field="amount")
    if paid_on > today or paid_on < today - LONG_AGO:
        raise Invalid(_("Give the day on which you paid; it cannot lie ahead."), field="paid_on")
    values = {
        "invoice_id": invoice_id, "amount": amount, "currency": invoice.currency, "paid_on": paid_on,
        "bank": bank.strip()[:120],
    }  # fmt: skip
    case_id = open_case(
        visitor=visitor, kind="payment", text=text.strip(), files=files, values=values, number=invoice.number,
        seller=invoice.salesperson_id, at=at,
    )  # fmt: skip
    promise_payment(
        invoice_ids=[invoice_id], until=today + LOOKED_FOR, promised_by_name=visitor.name[:120], by=visitor.actor, at=at
    )
    return case_id
