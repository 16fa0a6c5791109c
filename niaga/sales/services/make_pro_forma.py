from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, WrongState
from niaga.core.ids import new_id
from niaga.documents.services.print_paper import LANGUAGES, print_paper
from niaga.invoicing.services.draft_invoice import collected
from niaga.organization.access import SYSTEM, Actor
from niaga.organization.queries.fiscal import fiscal_setting
from niaga.sales.errors import OverInvoicing
from niaga.sales.models import OrderInvoice, ProForma, SalesOrder, SalesOrderLine
from niaga.sales.rules.pro_forma import figures_of
from niaga.sales.services.bill_lines import SUMS, owed
from niaga.sales.services.check_approval import check_approval
from niaga.sales.services.down_payment_parts import down_payment_parts
from niaga.sales.services.lock_order import lock_order

LONGEST = timedelta(days=365)


@transaction.atomic
def make_pro_forma(
    *,
    order_id: UUID,
    percent: Decimal | None = None,
    amount: Decimal | None = None,
    valid_until: date | None = None,
    by: Actor,
    at: datetime,
) -> ProForma:
    """Put down what the customer is to pay of an order before it is invoiced, with the order's figures as they are.

    `percent` of the order, or an `amount` with its tax, is the down payment that is asked for now; without both, all
    of it is. Its PDF is kept in every language from this moment on. The next one of an order replaces it. Without a day
    it is valid as long as a quotation of today.

    :raises NotFound: no such order
    :raises Forbidden: the person may not send orders
    :raises WrongState: the order ended, or is billed or cancelled in part
    :raises ApprovalNeeded: the order is a draft, and a rule asks for a yes that it does not have
    :raises Invalid: both a percentage and an amount, either out of range, or a day that is past or too far
    :raises OverInvoicing: more than the order comes to
    :raises PdfFailed: the PDF could not be made
    """
    order = lock_order(order_id=order_id, action="send", by=by, gate=True)
    today = day_at(at=at, zone=order.branch.zone)
    lines = list(SalesOrderLine.objects.filter(order_id=order.id).order_by("position"))
    _check(order, lines, today)
    until = valid_until or today + timedelta(days=fiscal_setting(order.company_id, today).quotation_valid_days)
    if not today <= until <= today + LONGEST:
        raise Invalid(_("Choose a day from today on, within a year."), field="valid_until")
    by_buyer = _by_buyer(order, [(line.tax, line.luxury_tax, line.tax_code) for line in lines])
    pay_now = order.total - by_buyer
    if percent is not None or amount is not None:
        parts = down_payment_parts(order, percent=percent, amount=amount)
        asked = owed({name: sum((getattr(taxed, name) for _l, taxed in parts), Decimal(0)) for name in SUMS})
        asked -= _by_buyer(order, [(taxed.tax, taxed.luxury_tax, line["tax_code"]) for line, taxed in parts])
        if asked > pay_now:
            raise OverInvoicing(field="percent" if amount is None else "amount", available=pay_now)
        pay_now = asked
    if pay_now <= 0:
        raise OverInvoicing(available=Decimal(0))

    before = ProForma.objects.filter(order_id=order.id).order_by("-position").first()
    position = before.position + 1 if before else 1
    made = ProForma(
        id=new_id(), company_id=order.company_id, order_id=order.id, position=position,
        number=f"{order.number}-P{position}", replaces=before, date=today, valid_until=until, currency=order.currency,
        total=order.total, tax_by_buyer=by_buyer, percent=percent, pay_now=pay_now, figures=figures_of(order, lines),
        made_by_id=by.id, made_at=at,
    )  # fmt: skip
    batch = Batch()
    batch.insert(ProForma, [{one.attname: getattr(made, one.attname) for one in ProForma._meta.concrete_fields}])
    record(
        batch=batch, subject_kind="order", subject_id=order.id, verb="pro_forma", by=by.id, at=at,
        company_id=order.company_id, data={"name": made.number, "pay_now": str(pay_now)},
    )  # fmt: skip
    batch.write()
    for language in LANGUAGES:
        print_paper(kind="pro_forma", subject_id=made.id, by=SYSTEM, at=at, language=language)
    return made


def _check(order: SalesOrder, lines: list[SalesOrderLine], today: date) -> None:
    if order.status not in ("draft", "confirmed"):
        raise WrongState()
    billed = order.invoice_progress != "none" or (
        OrderInvoice.objects.filter(order_id=order.id, invoice__status__in=("draft", "issued")).exists()
    )
    if billed or any(line.cancelled for line in lines):
        raise WrongState(
            _("A part of this order is billed or cancelled. What is left of it is asked for by an invoice.")
        )
    if order.status == "draft":
        check_approval(order, today=today)


def _by_buyer(order: SalesOrder, taxes: list[tuple[Decimal, Decimal, str]]) -> Decimal:
    """What a collector pays to the state of the order's taxes, as its invoice will say it."""
    if order.exchange_rate != 1:
        return Decimal(0)
    names = ("tax", "luxury_tax", "tax_code")
    return collected([dict(zip(names, row, strict=True)) for row in taxes])
