"""Who sits in a step: named people, the seller's manager, everybody with a role; never who it is about."""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol
from uuid import UUID

from niaga.approvals.rules.chain import Approver, Seat

OWNERS = Approver(Seat.ROLE, "owner")


class Place(Protocol):
    @property
    def role(self) -> str: ...
    @property
    def team_id(self) -> UUID | None: ...
    @property
    def decides(self) -> bool: ...


class Person(Protocol):
    @property
    def places(self) -> tuple[Place, ...]: ...
    @property
    def decides(self) -> bool: ...


People = Mapping[UUID, Person]
_DEEPEST = 20


def seated(
    approvers: Iterable[Approver], people: People, *, parents: Mapping[UUID, UUID | None], seller: UUID | None,
    excluded: Collection[UUID],
) -> list[UUID]:  # fmt: skip
    """The people of a step, each once: who works here, may approve, and is none of `excluded`."""
    found: dict[UUID, None] = {}
    for one in approvers:
        found.update(dict.fromkeys(_of(one, people, parents, seller, excluded)))
    return list(found)


def _of(
    one: Approver, people: People, parents: Mapping[UUID, UUID | None], seller: UUID | None, excluded: Collection[UUID]
) -> list[UUID]:
    if one.seat is Seat.USER:
        found = [UUID(one.key)]
    elif one.seat is Seat.ROLE:
        found = [key for key, person in people.items() if any(place.role == one.key for place in person.places)]
    else:
        found = _managers(people, parents, seller, excluded)
    return [key for key in found if key in people and people[key].decides and key not in excluded]


def _managers(
    people: People, parents: Mapping[UUID, UUID | None], seller: UUID | None, excluded: Collection[UUID]
) -> list[UUID]:
    """Who may approve in the seller's team; without anybody there, in the team above it."""
    if seller is None or seller not in people:
        return []
    above: list[UUID | None] = [place.team_id for place in people[seller].places if place.team_id]
    for _turn in range(_DEEPEST):
        here = {team for team in above if team is not None}
        if not here:
            return []
        found = [
            key
            for key, person in people.items()
            if key not in excluded and any(place.decides and place.team_id in here for place in person.places)
        ]
        if found:
            return found
        above = [parents.get(team) for team in here]
    return []
