"""The earliest day on which goods can leave."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from niaga.catalog.queries.product_facts import product_facts
from niaga.core.api import Number, PositiveQuantity
from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.organization.access import access_of
from niaga.sales.api.answers import branch_of
from niaga.sales.errors import BadLines
from niaga.sales.queries.documents import get_order
from niaga.sales.queries.drop_ships import straight_days
from niaga.sales.queries.earliest_day import earliest_day_of, earliest_days, wanted_lines
from niaga.sales.queries.lines import shown_order_lines
from niaga.sales.rules.earliest_day import Earliest, Offer
from niaga.sales.rules.lines import LineInput
from niaga.stock.queries.warehouses import warehouse_for

router = Router(tags=["orders"])


class EarliestLineIn(Schema):
    product_id: UUID
    quantity: PositiveQuantity
    unit: str | None = Field(None, max_length=12)


class EarliestIn(Schema):
    """Without a warehouse: the branch's own."""

    lines: list[EarliestLineIn] = Field(min_length=1, max_length=10_000)
    warehouse_id: UUID | None = None
    branch_id: UUID | None = None
    requested_date: date | None = Field(None, description="No day before this one is offered.")


class DayReasonOut(Schema):
    """`code`: `ready` (lead time or the hour), `asked`, `goods` (they come on `date`), `never` (nothing is expected
    that would do), `closed`, `full` (`used` of `limit` in a `measure`: orders, lines, weight in kilograms, volume in
    cubic metres), `more` (`used` further days), `none` (none within a year)."""

    code: str
    date: date | None
    name: str
    used: int | Number
    limit: int | None
    measure: str


class EarliestDayOut(Schema):
    date: date | None
    reasons: list[DayReasonOut]


class EarliestLineDayOut(EarliestDayOut):
    """`line` counts from 1; `line_id` only of an order."""

    line: int
    line_id: UUID | None


class EarliestOut(Schema):
    """All at once, or each line as early as it can."""

    together: EarliestDayOut
    parts: list[EarliestLineDayOut]


@router.get("/orders/{order_id}/earliest-day", response=EarliestOut, summary="Find an order's earliest day")
def read_earliest_day(request: HttpRequest, order_id: UUID) -> Any:
    """When goods are there, the warehouse is open, and the day has room. Nothing is held by asking."""
    order = get_order(order_id=order_id, by=request.user)
    lines = shown_order_lines(order_id=order.id)
    straight = straight_days(order=order, today=day_at(at=now(), zone=order.branch.zone))
    found = earliest_day_of(order=order, lines=lines, straight=straight, at=now())
    places = {str(line.id): place for place, line in enumerate(lines, 1)}
    return _answer(found, places, of_order=True)


@router.post("/earliest-days", response=EarliestOut, summary="Find the earliest day for lines")
def post_earliest_days(request: HttpRequest, body: EarliestIn) -> Any:
    """The same for lines that are not written yet; a look, which holds nothing."""
    access = access_of(request.user)
    access.require("order", "view")
    branch_id, company_id = branch_of(request, body.branch_id), access.current_company.id
    given = [
        (str(place), LineInput(product_id=line.product_id, quantity=line.quantity, unit=line.unit))
        for place, line in enumerate(body.lines, 1)
    ]
    products = product_facts(company_id=company_id, ids={line.product_id for line in body.lines})
    wanted = wanted_lines(given, products, today=day_at(at=now(), zone=access.default_branch.zone))
    known = {line.key for line in wanted}
    faults = [{"line": int(key), "field": "product_id", "code": "unknown_product"} for key, _one in given
              if key not in known]  # fmt: skip
    if faults:
        raise BadLines(lines=faults)
    place_id = warehouse_for(company_id=company_id, branch_id=branch_id, warehouse_id=body.warehouse_id)
    found = earliest_days(warehouse_id=place_id, lines=wanted, asked=body.requested_date, at=now())
    return _answer(found, {key: int(key) for key, _one in given}, of_order=False)


def _answer(found: Earliest, places: dict[str, int], *, of_order: bool) -> dict[str, Any]:
    parts = [
        {"line": places[key], "line_id": key if of_order else None, **_day(one)} for key, one in found.parts.items()
    ]
    return {"together": _day(found.together), "parts": parts}


def _day(offer: Offer) -> dict[str, Any]:
    reasons = [
        {
            "code": one.code,
            "date": one.day,
            "name": one.name,
            "measure": one.measure,
            "used": int(one.used) if one.used == int(one.used) else one.used,
            "limit": one.limit,
        }
        for one in offer.reasons
    ]
    return {"date": offer.day, "reasons": reasons}
