"""The earliest day that is offered: when goods are there, the warehouse is open, and the day has room. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple
from uuid import UUID

from niaga.catalog.rules.load import GoodsLoad, ToWeigh, load_sum
from niaga.stock.rules.capacity import EMPTY, FARTHEST, Capacity, Room
from niaga.stock.rules.day_load import DayLoad, shown
from niaga.stock.rules.promise import Step, earliest

MOST_TOLD = 5
"""Closed and full days that are told one by one."""


class Wanted(NamedTuple):
    """A line: what it takes of each product, in base units, and its name. `key` is told back. What a supplier sends
    straight to the customer is not among what it takes, and leaves on the day of `straight`."""

    key: str
    name: str
    takes: Mapping[UUID, Decimal]
    straight: date | None = None
    weighed: ToWeigh | None = None
    load: GoodsLoad = GoodsLoad()
    """What it weighs and takes up, where that is asked; of `weighed`."""

    @property
    def leaves_here(self) -> bool:
        """Whether the warehouse has to send something of it."""
        return bool(self.takes) or self.straight is None


class Reason(NamedTuple):
    """Why not sooner. `code`: `ready` (lead time or the hour), `asked`, `goods` (they come on `day`), `never` (nothing
    that is expected would do), `closed` (with its `name`), `full` (`used` of `limit` in a
    `measure`), `more` (`used` further days),
    `none` (none within a year)."""

    code: Literal["ready", "asked", "goods", "never", "closed", "full", "more", "none"]
    day: date | None = None
    name: str = ""
    used: Decimal = Decimal(0)
    limit: int | None = None
    measure: str = ""


class Offer(NamedTuple):
    """A day and why it is no sooner one; no day: nothing that is known of would do."""

    day: date | None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Earliest:
    """All at once, and by line in as many parts as it takes."""

    together: Offer
    parts: Mapping[str, Offer]

    @property
    def part_days(self) -> list[date]:
        """The days on which parts leave, the first first."""
        return sorted({one.day for one in self.parts.values() if one.day is not None})


@dataclass(frozen=True, slots=True)
class Days:
    """What is known of a warehouse: from which day an order of this moment can leave, what is taken of its days by
    others. Without a `capacity` every day does."""

    today: date
    first: date
    capacity: Capacity | None = None
    used: Mapping[date, DayLoad] = field(default_factory=dict)


def find_days(
    lines: Sequence[Wanted], *, steps: Mapping[UUID, Sequence[Step]], days: Days, asked: date | None = None
) -> Earliest:
    """The earliest day for all of an order and for each of its lines, none before the one that was asked for.

    Lines of one product are served in their order. The same facts give the same days.
    """
    ready = _goods_days(lines, steps)
    since, first = _since(days, asked, any(line.leaves_here for line in lines) or not lines)
    never = [line.name for line in lines if ready[line.key] is None]
    if never:
        together = Offer(None, tuple(Reason("never", name=name) for name in never[:MOST_TOLD]))
    else:
        last = max(lines, key=lambda line: ready[line.key] or since, default=None)
        day = max([since, *(one for one in ready.values() if one is not None)])
        why = [*first]
        if last is not None and day > since:
            why = [Reason("goods", day, last.name)]
        here = [line.load for line in lines if line.leaves_here]
        whole = DayLoad(1, len(here), load_sum(here))
        together = _with_room(days, day, why, more=whole) if here or not lines else Offer(day, tuple(why))
    return Earliest(together, _parts(lines, ready, days, asked))


def _parts(
    lines: Sequence[Wanted], ready: Mapping[str, date | None], days: Days, asked: date | None
) -> dict[str, Offer]:
    """Each line on the first day that has its goods and room beside the lines placed before it."""
    found: dict[str, Offer] = {}
    own: dict[date, DayLoad] = {}
    soonest = _since(days, asked, True)[0]
    placed = sorted(lines, key=lambda line: ready[line.key] or soonest)  # lines of one day keep their order
    for line in placed:
        goods = ready[line.key]
        if goods is None:
            found[line.key] = Offer(None, (Reason("never", name=line.name),))
            continue
        since, first = _since(days, asked, line.leaves_here)
        day = max(since, goods)
        why = [Reason("goods", day, line.name)] if day > since else first
        if not line.leaves_here:
            found[line.key] = Offer(day, tuple(why))
            continue
        offer = _with_room(days, day, why, more=DayLoad(1, 1, line.load), own=own)
        if offer.day is not None:
            own[offer.day] = own.get(offer.day, DayLoad(1)).also(DayLoad(0, 1, line.load))
        found[line.key] = offer
    return {line.key: found[line.key] for line in lines}


def _goods_days(lines: Iterable[Wanted], steps: Mapping[UUID, Sequence[Step]]) -> dict[str, date | None]:
    """By line, the day on which its goods are there; the first day of time when they are now, None when never."""
    taken: dict[UUID, Decimal] = {}
    found: dict[str, date | None] = {}
    for line in lines:
        day: date | None = line.straight or date.min
        for product, quantity in line.takes.items():
            taken[product] = taken.get(product, Decimal(0)) + quantity
            step = earliest(steps.get(product, ()), wanted=taken[product])
            day = None if step is None or day is None else max(day, step.date or date.min)
        found[line.key] = day
    return found


def _since(days: Days, asked: date | None, leaves_here: bool) -> tuple[date, list[Reason]]:
    """The first day there could be, and why it is no sooner one."""
    first = days.first if leaves_here else days.today
    if asked is not None and asked > first:
        return asked, [Reason("asked", asked)]
    return first, [Reason("ready", first)] if first > days.today else []


def _with_room(
    days: Days,
    day: date,
    why: Sequence[Reason],
    *,
    more: DayLoad,
    own: Mapping[date, DayLoad] | None = None,
) -> Offer:
    """The first day from `day` on with so much room beside others and what the order has there of its `own`: it is one
    order on each of its days."""
    if days.capacity is None:
        return Offer(day, tuple(why))
    passed: list[Reason] = []
    for ahead in range(min(FARTHEST, (date.max - day).days)):
        one = day + timedelta(days=ahead)
        room = days.capacity.room(one)
        used, mine = days.used.get(one, EMPTY), (own or {}).get(one)
        adds = more if mine is None else more._replace(orders=0)
        used = used if mine is None else used.also(mine)
        if room.takes(used=used, more=adds):
            further = len(passed) - MOST_TOLD
            told = [*passed[:MOST_TOLD], *([Reason("more", used=Decimal(further))] if further > 0 else [])]
            return Offer(one, (*why, *told))
        passed.append(_why_not(one, room, used, adds))
    return Offer(None, (*why, Reason("none", day)))


def _why_not(day: date, room: Room, used: DayLoad, more: DayLoad) -> Reason:
    measure = room.full_by(used=used, more=more) if room.is_open else None
    if measure is None:
        return Reason("closed", day, room.reason)
    return Reason("full", day, used=shown(used.of(measure)), limit=room.limits[measure], measure=measure)
