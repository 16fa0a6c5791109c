"""What a carrier of the plain HTTP shape answers."""

import hashlib
from collections.abc import Sequence
from typing import Any

from niaga.shipping.rules.carriers.shape import (
    Booked,
    Happened,
    NotThere,
    Parcel,
    Rate,
    Told,
    Unreadable,
    amount_of,
    day_of,
    moment_of,
    object_of,
    text_of,
)
from niaga.shipping.rules.shipment_flow import Reached

STATES = {
    "booked": Reached.BOOKED, "picked_up": Reached.IN_TRANSIT, "in_transit": Reached.IN_TRANSIT,
    "out_for_delivery": Reached.OUT, "attempted": Reached.PROBLEM, "problem": Reached.PROBLEM,
    "delivered": Reached.DELIVERED, "returned": Reached.RETURNED,
}  # fmt: skip
"""Its words -> ours. A word that is not here is kept nowhere: it says nothing that we know."""
MOST = 200


def rated(answer: Any) -> Sequence[Rate]:
    """:raises Unreadable: it says nothing certain"""
    offers = object_of(answer).get("rates")
    if not isinstance(offers, list):
        raise Unreadable("no rates")
    found = []
    for one in offers[:MOST]:
        cost = amount_of(one.get("cost")) if isinstance(one, dict) else None
        service = text_of(one.get("service"), 60) if cost is not None else ""
        if cost is None or not service:
            continue
        days = one.get("days")
        known = days if isinstance(days, int) and not isinstance(days, bool) and 0 <= days <= 90 else None
        found.append(Rate(service, text_of(one.get("label"), 80) or service, cost, known))
    return sorted(found, key=lambda rate: (rate.cost, rate.service))


def booked(answer: Any, parcel: Parcel) -> Booked:
    """:raises Unreadable: it says nothing certain"""
    told = object_of(answer)
    if told.get("key") != parcel.key:
        raise Unreadable("not what was asked for")
    provider_id, tracking = text_of(told.get("id"), 80), text_of(told.get("tracking_number"), 80)
    if not provider_id or not tracking:
        raise Unreadable("a booking without a number")
    return Booked(
        provider_id, tracking, amount_of(told.get("cost")), day_of(told.get("expected_date")),
        told.get("label") is True,
    )  # fmt: skip


def found(answer: Any, parcel: Parcel) -> Booked:
    """:raises Unreadable: it says nothing certain
    :raises NotThere: it knows no such booking
    """
    if object_of(answer).get("state") == "unknown":
        raise NotThere(parcel.key)
    return booked(answer, parcel)


def tracked(answer: Any, parcel: Parcel) -> Told:
    """:raises Unreadable: it says nothing certain"""
    return told_of(object_of(answer), parcel.key)


def told_of(told: dict[str, Any], key: str) -> Told:
    """:raises Unreadable: it names another shipment, or no events"""
    events = told.get("events")
    if told.get("key") != key or not isinstance(events, list):
        raise Unreadable("not what was asked for")
    happened = [event for one in events[:MOST] if (event := _event(one)) is not None]
    return Told(key, happened, day_of(told.get("expected_date")))


def _event(one: Any) -> Happened | None:
    if not isinstance(one, dict):
        return None
    state, at = STATES.get(text_of(one.get("state"), 40)), moment_of(one.get("at"))
    if state is None or at is None:
        return None
    words, place = text_of(one.get("words")), text_of(one.get("place"), 120)
    key = text_of(one.get("id"), 80) or hashlib.sha256(f"{state} {at} {words} {place}".encode()).hexdigest()
    return Happened(key, state, at, words, place)
