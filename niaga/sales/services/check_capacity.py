from datetime import date
from decimal import Decimal
from typing import Any

from niaga.organization.access import Actor, access_of
from niaga.sales.errors import DayFull
from niaga.sales.models import SalesOrder
from niaga.sales.queries.day_loads import FullDay, Leaving, full_days
from niaga.stock.errors import ReasonMissing
from niaga.stock.rules.day_load import CARRIED


def check_capacity(
    *, order: SalesOrder, wanted: Leaving, over: bool, reason: str, by: Actor, today: date,
    had: Leaving | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Whether the days on which a locked order is to leave take it; the days are held until the transaction ends.
    Of a day that it `had` before only what it weighs or takes up more is asked. Returns what the audit row says of days
    that are overfilled knowingly.

    :raises DayFull: a day is closed or full, and `over` does not say to overfill it; each such day is answered
    :raises Forbidden: who overfills a day may not plan deliveries
    :raises ReasonMissing: nothing says why it is overfilled
    """
    full = full_days(order=order, wanted=wanted, today=today, hold=True, had=had)
    if not full:
        return {}
    told = [
        {"date": str(one.day), "used": as_number(one.used), "limit": one.limit, "closed": one.limit is None,
         **_carried(one),
         "reason": one.reason, "next_date": str(one.next_day) if one.next_day else None}
        for one in full
    ]  # fmt: skip
    if not over:
        raise DayFull(lines=told)
    access_of(by).require("delivery", "create", order)
    if not reason.strip():
        raise ReasonMissing(field="day_reason")
    return {"over_capacity": told, "over_reason": reason.strip()[:200]}


def as_number(figure: Decimal) -> int | str:
    """A count as a number; a weight that is not whole as text, exact."""
    return int(figure) if figure == figure.to_integral_value() else str(figure)


def _carried(one: FullDay) -> dict[str, Any]:
    """Of a day that is full by weight or volume: in which, how much the order brings, and how many lines have none."""
    if one.measure not in CARRIED:
        return {}
    return {"measure": str(one.measure), "more": as_number(one.more), "unweighed": one.unweighed}
