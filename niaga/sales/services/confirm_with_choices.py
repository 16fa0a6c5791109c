from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import WrongState
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.sales.errors import EmptyDocument
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.kept_line import kept_line
from niaga.sales.services.lock_order import lock_order
from niaga.sales.services.rewrite_lines import rewrite_lines
from niaga.sales.services.take_prices import take_prices


@dataclass(frozen=True, slots=True)
class LineChoice:
    """What becomes of a short line: `backorder` waits, `remove` goes, `split` cuts off what waits, for `later`.

    `now` is how much of a split line, in its unit, goes at once.
    """

    answer: Literal["backorder", "remove", "split"]
    now: Decimal = Decimal(0)
    later: date | None = None


@transaction.atomic
def confirm_with_choices(
    *,
    order_id: UUID,
    version: int | None,
    prices: Literal["check", "take", "keep"],
    choices: Mapping[UUID, LineChoice],
    day: date | None = None,
    line_days: Mapping[UUID, date] | None = None,
    full_day: Literal["refuse", "over"] = "refuse",
    day_reason: str = "",
    by: Actor,
    at: datetime,
) -> SalesOrder:
    """Confirm an order as a person decided about changed prices and short lines; all of it or nothing. With `day` all
    of it is planned for that day first; with `line_days` each line named for a day of its own.

    :raises NotFound, Forbidden, StaleVersion, WrongState: see `confirm_order`
    :raises PricesChanged: with `prices="check"`, prices differ from today's
    :raises OutOfStock: a short line has no choice, or less is free than the choice was made for
    :raises DayFull, ReasonMissing: see `check_capacity`
    :raises EmptyDocument: every line was taken out
    :raises CreditOnHold, CreditOverdue, CreditExceeded: see `check_credit`
    """
    order = lock_order(order_id=order_id, action="confirm", by=by, version=version)
    if order.status != "draft":
        raise WrongState()
    if prices == "take" and order.quotation_id is None:
        take_prices(order_id=order.id, by=by, at=at)
        order = lock_order(order_id=order_id, action="confirm", by=by)
    if day is not None:
        batch = Batch()
        batch.update(SalesOrder, where={"id": order.id}, values={"planned_date": day, "updated_at": at})
        batch.update(SalesOrderLine, where={"order_id": order.id}, values={"planned_date": None}, expect=None)
        batch.write()
        order.planned_date = day
    elif line_days:
        _plan_lines(order, line_days, at)
    waiting = {line_id: "backorder" for line_id, choice in choices.items() if choice.answer == "backorder"}
    if any(choice.answer != "backorder" for choice in choices.values()):
        waiting.update(dict.fromkeys(_reshape(order, choices, by, at), "backorder"))
    return confirm_order(
        order_id=order.id, by=by, at=at, shortage_by_line=waiting,  # type: ignore[arg-type]
        prices="check" if prices == "check" else "keep",
        full_day=full_day, day_reason=day_reason,
    )  # fmt: skip


def _plan_lines(order: SalesOrder, days: Mapping[UUID, date], at: datetime) -> None:
    """The order leaves on the first of the days, and each line named on its own where that is another."""
    first = min(days.values())
    batch = Batch()
    batch.update(SalesOrder, where={"id": order.id}, values={"planned_date": first, "updated_at": at})
    batch.sql(
        "days",
        "UPDATE sales_salesorderline l SET planned_date = nullif(d.day, %s::date)"
        " FROM unnest(%s::uuid[], %s::date[]) AS d(id, day) WHERE l.id = d.id AND l.order_id = %s::uuid RETURNING 1",
        [first, list(days), list(days.values()), order.id],
    )
    batch.write()
    order.planned_date = first


def _reshape(order: SalesOrder, choices: Mapping[UUID, LineChoice], by: Actor, at: datetime) -> list[UUID]:
    """Take lines out and cut lines in two. Returns the ids of what was cut off to wait."""
    stored = list(SalesOrderLine.objects.filter(order_id=order.id).order_by("position").select_related("unit"))
    origins = {line.id: line for line in stored}
    lines, rests, told = [], [], []
    for line in stored:
        choice = choices.get(line.id)
        if choice is None or choice.answer == "backorder":
            lines.append(kept_line(line))
            continue
        told.append({"line": line.position, "description": line.description, "choice": choice.answer})
        if choice.answer == "remove":
            continue
        now = min(max(choice.now, Decimal(0)), line.quantity)
        if 0 < now < line.quantity:
            rest_id = new_id()
            origins[rest_id] = line
            rests.append(rest_id)
            rest = kept_line(line, quantity=line.quantity - now, planned_date=choice.later)
            lines += [kept_line(line, quantity=now), replace(rest, id=rest_id)]
        else:  # nothing of it is there: all of it waits
            lines.append(kept_line(line, planned_date=choice.later))
            rests.append(line.id)
    if not any(line.is_priced for line in lines):
        raise EmptyDocument()
    rewrite_lines(order=order, lines=lines, origins=origins, verb="reshape", by=by.id, at=at, data={"lines": told})
    return rests
