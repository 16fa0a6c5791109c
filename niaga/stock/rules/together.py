"""Which deliveries can travel together: of one customer, to one door, from one warehouse, before they leave. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

MOST = 40
"""As many deliveries as one stop, and one walk through the shelves, can bear."""

Door = tuple[str, ...]


class Sending(NamedTuple):
    """A delivery, as far as it bears on whether it can travel with another."""

    id: UUID
    number: str
    company_id: UUID
    customer_id: UUID
    warehouse_id: UUID
    address: Mapping[str, Any]
    status: str
    planned_date: date | None
    joint_id: UUID | None
    route_id: UUID | None


def door_of(customer_id: UUID, address: Mapping[str, Any]) -> Door:
    """The same for one customer at one address, however it was typed."""
    words = (str(address.get(name) or "") for name in ("street", "district", "city", "postcode"))
    return (str(customer_id), *(" ".join(word.casefold().split()) for word in words))


def misfit(one: Sending, lead: Sending) -> str:
    """Why it cannot travel with another: a code, or nothing when it can."""
    if one.status not in ("draft", "picking"):
        return "left"
    if (one.company_id, one.customer_id) != (lead.company_id, lead.customer_id):
        return "other_customer"
    if one.warehouse_id != lead.warehouse_id:
        return "other_warehouse"
    if door_of(one.customer_id, one.address) != door_of(lead.customer_id, lead.address):
        return "other_address"
    if one.joint_id is not None and lead.joint_id is not None and one.joint_id != lead.joint_id:
        return "other_joint"
    if one.route_id is not None and lead.route_id is not None and one.route_id != lead.route_id:
        return "other_route"
    return ""


def misfits(sendings: Sequence[Sending]) -> dict[UUID, str]:
    """By delivery why it cannot travel with those before it; none: all can.

    The first that stands in a joint delivery, or in a route, speaks for the rest there.
    """
    lead = sendings[0]
    found: dict[UUID, str] = {}
    for one in sendings:
        why = misfit(one, lead)
        if why:
            found[one.id] = why
            continue
        lead = lead._replace(joint_id=lead.joint_id or one.joint_id, route_id=lead.route_id or one.route_id)
    return found


def common_day(days: Iterable[date | None]) -> date | None:
    """The first of their days: nothing comes later than it was promised."""
    return min((day for day in days if day is not None), default=None)


def in_one_block(order: Sequence[UUID], together: Iterable[UUID]) -> list[UUID]:
    """The stops of a route with those that travel together side by side, where the first of them stands."""
    block = set(together)
    first = next((place for place, one in enumerate(order) if one in block), 0)
    before = [one for one in order[:first] if one not in block]
    mine = [one for one in order if one in block]
    return [*before, *mine, *(one for one in order[first:] if one not in block)]
