"""What was invoiced, by day, and what is overdue: for the start page and reports."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, Count, ExpressionWrapper, F, Q, QuerySet, Sum, When

from niaga.core.fields import AmountField
from niaga.invoicing.models import Invoice
from niaga.organization.access import Actor, access_of

FEES = ("late_fee", "giro_fee")
"""Kinds of invoices that bill nothing that was sold."""


class InvoicedDay(NamedTuple):
    """What was invoiced on a day, in how many invoices; `fees` is what of it fees are, for paying late or
    for a returned giro."""

    amount: Decimal
    number: int
    fees: Decimal


def invoiced_by_day(*, by: Actor, start: date, end: date) -> dict[date, InvoicedDay]:
    """Totals of issued invoices less credit notes, and number of invoices, by invoice date,
    in the company's currency, each at its frozen rate. As usual in the field all that customers were billed counts,
    fees too: what is collected holds them as well. Who shows the figure says how much of it they are."""
    access = access_of(by)
    signed = Case(When(kind="credit_note", then=-F("base_total")), default=F("base_total"), output_field=AmountField())
    rows = (
        Invoice.objects.filter(
            access.filter("invoice"), status="issued", date__range=(start, end),
        )
        .values("date")
        .annotate(
            sum=Sum(signed), number=Count("id", filter=~Q(kind__in=("credit_note", "debit_note"))),
            fees=Sum(signed, filter=Q(kind__in=FEES) | Q(credits__kind__in=FEES), default=Decimal(0)),
        )
        .order_by()
    )  # fmt: skip
    return {day: InvoicedDay(row["sum"], row["number"], row["fees"]) for row in rows if (day := row["date"])}


def overdue_invoices(*, by: Actor, today: date) -> QuerySet[Invoice]:
    """Open invoices past their earliest uncovered part, the longest first, with `overdue_since` and `open`, in the
    company's currency."""
    access = access_of(by)
    return (
        Invoice.objects.filter(
            access.filter("invoice"), status="issued", balance__settled_at=None, balance__due_date__lt=today,
            balance__allocated__lt=F("balance__total"),
        )
        .exclude(kind="credit_note")
        .annotate(
            open=ExpressionWrapper(F("balance__base_total") - F("balance__base_allocated"), AmountField()),
            overdue_since=F("balance__due_date"),
        )
        .select_related("customer")
        .order_by("balance__due_date", "id")
    )  # fmt: skip
