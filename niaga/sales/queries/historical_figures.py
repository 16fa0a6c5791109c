"""The past in figures: what analytics adds to what Niaga sold itself."""

from datetime import date
from decimal import Decimal

from django.db.models import Count, Sum

from niaga.organization.access import Actor, access_of
from niaga.sales.models import HistoricalDay, HistoricalSale
from niaga.sales.queries.historical_sales import sees_all_history


def historical_by_day(*, by: Actor, start: date, end: date) -> dict[date, tuple[Decimal, int]]:
    """Revenue and number of past sales on each day (both ends included), in the company's currency.

    Whoever sees all of the company reads the kept sums of the days: 366 rows for a year of any size.
    """
    access = access_of(by)
    if not access.allows("historical_sale", "view"):
        return {}
    currency = access.current_company.currency
    if sees_all_history(by=by):
        days = HistoricalDay.objects.filter(
            company_id=access.current_company.id, currency=currency, date__range=(start, end)
        )
        return {day: (total, number) for day, total, number in days.values_list("date", "total", "sales")}
    rows = (
        HistoricalSale.objects.filter(access.filter("historical_sale"), currency=currency, date__range=(start, end))
        .values("date")
        .annotate(sum=Sum("total"), number=Count("pk"))
        .order_by()
    )
    return {row["date"]: (row["sum"], row["number"]) for row in rows}
