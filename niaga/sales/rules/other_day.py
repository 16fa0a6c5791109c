"""Another day for an order, or for some of its lines: which lines get it, and what goes along."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from niaga.catalog.rules.load import ToWeigh


class LineToLeave(NamedTuple):
    """A line that has not left; its day is its own, None: the order's. `leaves_here`: our warehouse sends some of it,
    so its day counts it."""

    id: UUID
    description: str
    day: date | None
    load: ToWeigh = ToWeigh(None, None, Decimal(0), Decimal(1))

    @property
    def leaves_here(self) -> bool:
        return self.load.quantity > 0


class WaitingDelivery(NamedTuple):
    """A delivery that waits to leave, its day, and the order lines in it."""

    id: UUID
    day: date | None
    lines: frozenset[UUID]


class Move(NamedTuple):
    """The day the order has then, the lines that get the new one, the deliveries that go along, what the story says."""

    order_day: date | None
    lines: list[UUID]
    deliveries: list[tuple[UUID, date | None]]
    told: dict[str, object]


def move_all(
    *, before: date | None, day: date, lines: Sequence[LineToLeave], waiting: Sequence[WaitingDelivery]
) -> Move:
    """Lines with the order's day or an earlier one follow it; those with a later one keep it."""
    last = max(before or day, day)
    goes = [line.id for line in lines if line.day is None or line.day <= last]
    along = [(one.id, one.day) for one in waiting if one.day is None or one.day <= last]
    return Move(day, goes, along, _told(before, day))


def move_some(
    *,
    before: date | None,
    day: date,
    lines: Sequence[LineToLeave],
    waiting: Sequence[WaitingDelivery],
    chosen: Collection[UUID],
) -> Move:
    """The order keeps its day while a line has it, and else has the first of its lines' days."""
    had = {line.id: line.day or before for line in lines}
    days = [day if line_id in chosen else own for line_id, own in had.items()]
    first = before if before in days else min(one for one in days if one is not None)
    told = [
        {"description": line.description, "days": [str(had[line.id] or ""), str(day)]}
        for line in lines
        if line.id in chosen
    ]
    along = [(one.id, one.day) for one in waiting if not one.lines.isdisjoint(chosen)]
    header = {} if first == before else _told(before, first)
    goes = [line.id for line in lines if line.id in chosen]
    return Move(first, goes, along, header | {"lines": told})


def torn(waiting: Sequence[WaitingDelivery], chosen: Collection[UUID]) -> bool:
    """Whether a delivery that waits holds some of the chosen lines beside others."""
    return any(one.lines & set(chosen) and one.lines - set(chosen) for one in waiting)


def _told(before: date | None, day: date | None) -> dict[str, object]:
    return {"planned_date": [str(before or ""), str(day)]}
