"""What was collected, by day: for the start page and reports."""

from datetime import date
from decimal import Decimal

from django.db.models import Count, Sum

from niaga.organization.access import Actor, access_of
from niaga.payments.models import Payment


def collected_by_day(*, by: Actor, start: date, end: date) -> dict[date, tuple[Decimal, int]]:
    """Amounts and number of payments by payment date, in the company's currency, each at its day's rate. A
    reversed one does not count."""
    access = access_of(by)
    rows = (
        Payment.objects.filter(
            access.filter("payment"), status="recorded", date__range=(start, end),
        )
        .values("date")
        .annotate(sum=Sum("base_amount"), number=Count("id"))
        .order_by()
    )  # fmt: skip
    return {row["date"]: (row["sum"], row["number"]) for row in rows}
