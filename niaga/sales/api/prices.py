"""What a customer paid before, and why a line costs what it does."""

from datetime import date as day
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from niaga.core.api import Number
from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.organization.access import access_of
from niaga.parties.queries.customers import customer_for
from niaga.sales.queries.price_history import price_history

router = Router(tags=["sales"])


class PastPriceOut(Schema):
    """A price of one `unit`. `kind` is `order`, `quotation` or `historical_sale`; `net_price` is after discounts."""

    kind: str
    document_id: UUID
    number: str
    status: str
    date: day
    quantity: Number
    unit: str
    factor: Number
    currency: str
    price: Number
    net_price: Number
    discount_percent: Number
    discount_amount: Number
    salesperson_id: UUID | None
    who: str


class GroupRangeOut(Schema):
    """What other customers of the group were promised one base unit for, over a year."""

    lowest: Number
    highest: Number
    customers: int


class PriceHistoryOut(Schema):
    prices: list[PastPriceOut]
    group: GroupRangeOut | None


class PriceHistoryQuery(Schema):
    product: UUID


@router.get("/customers/{customer_id}/price-history", response=PriceHistoryOut, summary="Show what a customer paid")
def read_price_history(request: HttpRequest, customer_id: UUID, query: Query[PriceHistoryQuery]) -> Any:
    """The customer's last ten prices for a product, the newest first, from the documents you may see."""
    customer = customer_for(request.user, customer_id)
    today = day_at(at=now(), zone=access_of(request.user).current_company.zone)
    return price_history(
        customer_id=customer.pk, group_id=customer.group_id, product_id=query.product, today=today, by=request.user
    )
