"""Sales from before Niaga: read, never written here; they come by imports."""

from datetime import date as day
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from niaga.core.api import Number, Page, page_of
from niaga.organization.access import access_of
from niaga.sales.api.list_queries import HistoryQuery
from niaga.sales.queries.historical_sales import historical_lines, historical_sale, historical_sales

router = Router(tags=["history"])


class HistoricalRow(Schema):
    """`coupon`: of the total, what coupons of third parties paid. Without `customer_id` sold to a passer-by."""

    id: UUID
    number: str
    customer_id: UUID | None
    branch_id: UUID
    salesperson_id: UUID | None
    date: day
    sold_at: datetime
    currency: str
    line_count: int
    gross: Number
    discount: Number
    coupon: Number
    total: Number


class HistoricalLineOut(Schema):
    """As the old system had it: a quantity of zero or less is possible."""

    position: int
    product_id: UUID
    sku: str = Field(validation_alias="product.sku")
    name: str = Field(validation_alias="product.name")
    quantity: Number
    discount: Number
    coupon: Number
    amount: Number


class HistoricalOut(HistoricalRow):
    lines: list[HistoricalLineOut]


@router.get("/historical-sales", response=Page[HistoricalRow], summary="List sales from before Niaga")
def list_history(request: HttpRequest, query: Query[HistoryQuery]) -> Any:
    """Closed sales that were moved in, the newest first; outside the ledger and the number series."""
    access_of(request.user).require("historical_sale", "view")
    return page_of(query.narrowed(historical_sales(by=request.user)), order=("-date", "-id"), query=query)


@router.get("/historical-sales/{sale_id}", response=HistoricalOut, summary="Show a sale from before Niaga")
def read_history(request: HttpRequest, sale_id: UUID) -> Any:
    sale = historical_sale(sale_id=sale_id, by=request.user)
    sale.__dict__["lines"] = list(historical_lines(sale))
    return sale
