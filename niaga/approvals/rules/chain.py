"""Who decides, one step after the other. Pure: steps are plain facts, people are keys."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

MOST_STEPS = 6
MOST_APPROVERS = 10
MOST_HOURS = 24 * 60


class Seat(StrEnum):
    """How a step names who decides."""

    USER = "user"  # a named person
    MANAGER = "manager"  # who leads the seller's team, or the team above it
    ROLE = "role"  # everybody with a role, such as owner


@dataclass(frozen=True, slots=True)
class Approver:
    seat: Seat
    key: str = ""
    """The person's id, or the role's code."""


@dataclass(frozen=True, slots=True)
class Step:
    """Any or all of some approvers. After `hours` it goes on: to a person, or without one to the next step."""

    all: bool
    approvers: tuple[Approver, ...]
    hours: int | None = None
    then: str = ""

    @property
    def who(self) -> tuple[bool, frozenset[Approver]]:
        """Steps that ask the same people in the same way are one step."""
        return self.all and len(self.approvers) > 1, frozenset(self.approvers)

    def as_json(self) -> dict[str, Any]:
        return {
            "mode": "all" if self.all else "any",
            "approvers": [{"seat": str(one.seat), "key": one.key} for one in self.approvers],
            "hours": self.hours, "then": self.then,
        }  # fmt: skip


class BadStep(ValueError):
    """A step that cannot be: the `place`th, with its wrong `field`."""

    def __init__(self, code: str, *, place: int, field: str = "approvers") -> None:
        super().__init__(code)
        self.code, self.place, self.field = code, place, field


def read_steps(given: Any) -> tuple[Step, ...]:
    """:raises BadStep: none, too many, or one that names nobody or no time"""
    if not isinstance(given, list) or not given:
        raise BadStep("no_steps", place=1)
    if len(given) > MOST_STEPS:
        raise BadStep("too_many_steps", place=MOST_STEPS + 1)
    return tuple(_step(one, place, last=place == len(given)) for place, one in enumerate(given, 1))


def _step(given: Any, place: int, *, last: bool) -> Step:
    if not isinstance(given, Mapping) or given.get("mode") not in ("any", "all"):
        raise BadStep("not_a_step", place=place, field="mode")
    named = given.get("approvers")
    if not isinstance(named, list) or not named:
        raise BadStep("nobody", place=place)
    if len(named) > MOST_APPROVERS:
        raise BadStep("too_many_approvers", place=place)
    approvers = tuple(dict.fromkeys(_approver(one, place) for one in named))
    hours, then = given.get("hours"), given.get("then") or ""
    if hours is not None and (isinstance(hours, bool) or not isinstance(hours, int) or not 1 <= hours <= MOST_HOURS):
        raise BadStep("no_such_time", place=place, field="hours")
    if not isinstance(then, str) or (then and not _is_key(then)):
        raise BadStep("nobody", place=place, field="then")
    if hours is None and then:
        raise BadStep("no_time_given", place=place, field="hours")
    if hours is not None and not then and last:
        raise BadStep("nowhere_to_go", place=place, field="then")
    return Step(given["mode"] == "all", approvers, hours, then)


def _approver(given: Any, place: int) -> Approver:
    try:
        seat = Seat(given["seat"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadStep("nobody", place=place) from error
    key = given.get("key") or ""
    if not isinstance(key, str) or (seat is Seat.USER and not _is_key(key)) or (seat is Seat.ROLE and not key):
        raise BadStep("nobody", place=place)
    return Approver(seat, "" if seat is Seat.MANAGER else key)


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def join(chains: Iterable[Sequence[Step]]) -> list[Step]:
    """The steps of several rules as one chain: each rule's order is kept, a step that two of them want is asked once,
    with the shorter time."""
    joined: list[Step] = []
    for chain in chains:
        place = 0
        for number, step in enumerate(chain):
            found = next((at for at, one in enumerate(joined) if one.who == step.who), None)
            if found is not None:
                joined[found] = _sooner(joined[found], step)
                place = max(place, found + 1)
                continue
            ahead = {one.who for one in chain[number + 1 :]}
            meets = next((at for at, one in enumerate(joined[place:], place) if one.who in ahead), len(joined))
            joined.insert(meets, step)
            place = meets + 1
    return joined


def _sooner(one: Step, other: Step) -> Step:
    if other.hours is None or (one.hours is not None and one.hours <= other.hours):
        return one
    return replace(one, hours=other.hours, then=other.then)


def is_passed(*, all_of: bool, people: Collection[UUID], approved_for: Collection[UUID]) -> bool:
    """Whether a step has the yes it needs: `approved_for` are the people who said it, or for whom it was said."""
    return set(people) <= set(approved_for) if all_of else bool(set(people) & set(approved_for))


def due_at(step_hours: int | None, opened_at: datetime) -> datetime | None:
    return None if step_hours is None else opened_at + timedelta(hours=step_hours)
