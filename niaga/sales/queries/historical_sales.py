"""Reading history: who may see which of the sales that were moved in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Max, Q, QuerySet, Sum

from niaga.core.errors import NotFound
from niaga.core.queries.together import Question
from niaga.core.rules.search_terms import search_query
from niaga.organization.access import Actor, access_of
from niaga.sales.models import HistoricalDay, HistoricalSale, HistoricalSaleLine


def historical_sales(*, by: Actor) -> QuerySet[HistoricalSale]:
    """The sales of the past that `by` may see, with customer and branch."""
    return HistoricalSale.objects.filter(access_of(by).filter("historical_sale")).select_related("customer", "branch")


def sees_all_history(*, by: Actor) -> bool:
    """Whether the sums of whole days are this person's to see."""
    access = access_of(by)
    return access.filter("historical_sale") == Q(company_id=access.current_company.id)


def historical_sale(*, sale_id: UUID, by: Actor) -> HistoricalSale:
    """:raises NotFound: there is none, or not for this person"""
    found = historical_sales(by=by).filter(pk=sale_id).first()
    if found is None:
        raise NotFound()
    return found


def historical_lines(sale: HistoricalSale) -> QuerySet[HistoricalSaleLine]:
    """Its lines in their order, with the product."""
    return HistoricalSaleLine.objects.filter(sale=sale).select_related("product").order_by("position")


def matching_history(rows: QuerySet[HistoricalSale], text: str) -> QuerySet[HistoricalSale]:
    """Sales whose number begins so, when one word with a digit was typed; else those of customers the words fit.

    One or the other, never both at once: each has its index, and together they would have none.
    """
    words = text.split()
    if len(words) == 1 and any(char.isdigit() for char in text):
        return rows.filter(number__startswith=words[0])
    typed = search_query(text)
    if not typed:
        return rows
    named = SearchQuery(typed, search_type="raw", config="simple")
    return rows.filter(customer__search=named)


def find_historical_sales(*, text: str, by: Actor, limit: int) -> list[HistoricalSale]:
    """Sales whose number begins with what was typed, the latest numbers first; one statement through the index."""
    number = text.strip()
    if len(number) < 3 or not access_of(by).allows("historical_sale", "view"):
        return []
    rows = historical_sales(by=by).select_related(None).select_related("customer")
    rows = rows.filter(number__startswith=number).order_by("number")
    return list(rows.only("number", "date", "total", "currency", "customer__name")[:limit])


def day_sums(*, by: Actor, start: object = None, end: object = None) -> list[dict[str, Any]]:
    """Count and total by currency over whole days, from the sums that the import keeps."""
    rows = HistoricalDay.objects.filter(company_id=access_of(by).current_company.id)
    if start:
        rows = rows.filter(date__gte=start)
    if end:
        rows = rows.filter(date__lte=end)
    return list[Any](rows.values("currency").annotate(number=Sum("sales"), total=Sum("total")).order_by("currency"))


@dataclass(frozen=True, slots=True)
class BoughtBefore:
    """What a customer bought before Niaga."""

    sales: int
    total: Decimal
    currency: str
    last_day: object


def bought_before(*, customer_ids: Sequence[UUID], by: Actor) -> Question[dict[UUID, BoughtBefore]]:
    """Asks for number, sum and last day of each customer's past sales, through their own index."""
    rows = (
        HistoricalSale.objects.filter(access_of(by).filter("historical_sale"), customer_id__in=customer_ids)
        .values("customer_id", "currency")
        .annotate(number=Count("pk"), sum=Sum("total"), last=Max("date"))
        .order_by()
    )

    def tell(found: Sequence[Mapping[str, Any]]) -> dict[UUID, BoughtBefore]:
        return {
            row["customer_id"]: BoughtBefore(row["number"], row["sum"], row["currency"], row["last"]) for row in found
        }

    return Question(rows, tell)
