"""What sales earn, for programs."""

import datetime as dt
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from niaga.analytics.queries.margins import Wanted, margin_sums, margins
from niaga.core.api import PageQuery, page_of
from niaga.core.clock import now, today
from niaga.core.errors import Invalid
from niaga.core.rules.calendar import previous_month
from niaga.organization.access import access_of

router = Router(tags=["figures"])


class MarginQuery(PageQuery):
    by: Literal["customer", "product", "category", "salesperson", "branch", "channel", "month"] = "product"
    since: dt.date | None = Field(None, description="Without one the first day of the month before today's.")
    until: dt.date | None = Field(None, description="The last day, included; without one today.")
    customer_id: UUID | None = None
    product_id: UUID | None = None
    category_id: UUID | None = None
    salesperson_id: UUID | None = None
    branch_id: UUID | None = None
    channel_id: UUID | None = None


class MarginOut(Schema):
    id: str = Field(description="Of the customer, product …; `2026-11` of a month; `none` of what belongs to none.")
    name: str
    detail: str = Field(description="Code or SKU.")
    revenue: Decimal
    cost: Decimal
    margin: Decimal
    percent: Decimal | None = Field(description="None without revenue.")


class MarginsOut(Schema):
    """`revenue` and `cost` of all rows, in the company's own currency."""

    currency: str
    revenue: Decimal
    cost: Decimal
    items: list[MarginOut]
    next_cursor: str | None = None


@router.get("/margins", response=MarginsOut, summary="Margins of a period")
def list_margins(request: HttpRequest, query: Query[MarginQuery]) -> Any:
    """Revenue and cost of sales as posted in the period, by what is asked for, the largest margin first."""
    access = access_of(request.user)
    day = today(at=now(), zone=access.current_company.zone)
    since, until = query.since or previous_month(day).first, query.until or day
    if since > until:
        raise Invalid(_("The first day is after the last."), field="since")
    names = ("customer_id", "product_id", "category_id", "salesperson_id", "branch_id", "channel_id")
    wanted = Wanted(since, until, **{name: getattr(query, name) for name in names})
    page = page_of(
        margins(by=request.user, group=query.by, wanted=wanted), order=("-margin", "id"), query=query
    )  # fmt: skip
    sums = margin_sums(by=request.user, wanted=wanted)
    return {"currency": access.current_company.currency, **sums, **page}
