"""What was sold, by day: for the start page and reports."""

from datetime import date
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from niaga.organization.access import Actor, access_of
from niaga.sales.models import Quotation, SalesOrder

DayFigures = dict[date, tuple[Decimal, int]]


def booked_by_day(*, by: Actor, start: date, end: date) -> DayFigures:
    """Totals and number of orders confirmed on each day (both ends included), in the company's currency, each at
    its frozen rate.

    An order counts on the day it was confirmed, with what it is worth now; a cancelled one does not count.
    """
    access = access_of(by)
    rows = (
        SalesOrder.objects.filter(
            access.filter("order"), confirmed_date__range=(start, end), status__in=("confirmed", "closed"),
        )
        .values("confirmed_date")
        .annotate(total=Sum("base_total"), number=Count("id"))
        .order_by()
    )  # fmt: skip
    return {day: (row["total"], row["number"]) for row in rows if (day := row["confirmed_date"])}


def quotations_awaiting(*, by: Actor) -> QuerySet[Quotation]:
    """Offers with the customer, the one that ends first on top."""
    return (
        Quotation.objects.filter(access_of(by).filter("quotation"), status="sent")
        .select_related("customer")
        .order_by("valid_until", "id")
    )


def orders_to_ship(*, by: Actor) -> QuerySet[SalesOrder]:
    """Promises not yet kept in full, the earliest planned first."""
    return (
        SalesOrder.objects.filter(access_of(by).filter("order"), status="confirmed")
        .exclude(delivery_progress="done")
        .select_related("customer")
        .order_by("planned_date", "date", "id")
    )
