"""How much is there, held, free and coming, by product and warehouse."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from niaga.core.rules.search_terms import search_query
from niaga.organization.access import Actor, access_of
from niaga.stock.models import ExpectedReceiptLine, StockLevel

_NOUGHT = Value(Decimal(0), output_field=DecimalField(max_digits=19, decimal_places=6))


def visible_levels(*, by: Actor) -> QuerySet[StockLevel]:
    """Levels of the current company that the person may see: product, unit, available, coming."""
    seen = access_of(by).filter(
        "stock", company="warehouse__company_id", branch="warehouse__branch_id", salesperson=None
    )
    coming = ExpectedReceiptLine.objects.filter(
        product_id=OuterRef("product_id"), expected__warehouse_id=OuterRef("warehouse_id"), expected__status="open"
    )
    return (
        StockLevel.objects.filter(seen, warehouse__archived_at=None)
        .select_related("product__unit", "warehouse")
        .annotate(
            available=F("on_hand") - F("reserved") - F("barred"),
            incoming=Coalesce(
                Subquery(
                    coming.order_by()
                    .values("product_id")
                    .annotate(left=Sum(F("quantity") - F("received")))
                    .values("left")
                ),
                _NOUGHT,
            ),
            incoming_date=Subquery(coming.order_by("expected__expected_date").values("expected__expected_date")[:1]),
        )
    )


def of_matching_products(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Rows whose product every typed word fits, as in the list of products: names, SKUs, bar codes; by its index."""
    typed = search_query(text)
    return rows.filter(product__search=SearchQuery(typed, search_type="raw", config="simple")) if typed else rows


def levels_of_product(*, product_id: UUID, by: Actor) -> list[StockLevel]:
    """The product in each warehouse the person may see."""
    return list(visible_levels(by=by).filter(product_id=product_id).order_by("warehouse__name"))


def places_of(*, product_id: UUID) -> list[UUID]:
    """The warehouses where a product is or was. Unchecked access."""
    rows = StockLevel.objects.filter(product_id=product_id).order_by("warehouse_id")
    return list(rows.values_list("warehouse_id", flat=True))
