from collections.abc import Mapping
from datetime import date
from typing import Any

from niaga.organization.access import Actor, access_of
from niaga.sales.errors import DayFull
from niaga.sales.models import SalesOrder
from niaga.sales.queries.day_loads import full_days
from niaga.stock.errors import ReasonMissing


def check_capacity(
    *, order: SalesOrder, wanted: Mapping[date, int], over: bool, reason: str, by: Actor, today: date
) -> dict[str, Any]:
    """Whether the days on which a locked order is to leave take it; the days are held until the transaction ends.
    Returns what the audit row says of days that are overfilled knowingly.

    :raises DayFull: a day is closed or full, and `over` does not say to overfill it; each such day is answered
    :raises Forbidden: who overfills a day may not plan deliveries
    :raises ReasonMissing: nothing says why it is overfilled
    """
    full = full_days(order=order, wanted=wanted, today=today, hold=True)
    if not full:
        return {}
    told = [
        {"date": str(one.day), "used": one.used, "limit": one.limit, "closed": one.limit is None,
         "reason": one.reason, "next_date": str(one.next_day) if one.next_day else None}
        for one in full
    ]  # fmt: skip
    if not over:
        raise DayFull(lines=told)
    access_of(by).require("delivery", "create", order)
    if not reason.strip():
        raise ReasonMissing(field="day_reason")
    return {"over_capacity": told, "over_reason": reason.strip()[:200]}
