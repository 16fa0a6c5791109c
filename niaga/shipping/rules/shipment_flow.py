"""What becomes of a shipment: from the booking at a carrier to the customer's door. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from niaga.core.rules.flow import Flow, Move


class Status(StrEnum):
    QUOTING = "quoting"
    """The carrier is asked what it would cost."""
    QUOTED = "quoted"
    """A person chooses a service."""
    QUEUED = "queued"
    BOOKING = "booking"
    UNCERTAIN = "uncertain"
    """Died between hand-over and answer: never booked again by itself, settled by asking the carrier or by a person."""
    FAILED = "failed"
    BOOKED = "booked"
    IN_TRANSIT = "in_transit"
    OUT = "out"
    """On the vehicle that brings it to the door."""
    PROBLEM = "problem"
    DELIVERED = "delivered"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class Reached(StrEnum):
    """How far a carrier says that a shipment is."""

    BOOKED = "booked"
    IN_TRANSIT = "in_transit"
    OUT = "out"
    PROBLEM = "problem"
    DELIVERED = "delivered"
    RETURNED = "returned"


S = Status
_UNBOOKED = (S.QUOTING, S.QUOTED, S.QUEUED, S.FAILED)
_MOVING = (S.BOOKED, S.IN_TRANSIT, S.OUT, S.PROBLEM)
shipment_flow: Flow[Status] = Flow(
    kind="shipment",
    moves={
        "quote": Move((S.QUOTING,), S.QUOTED),
        "choose": Move((S.QUOTED, S.QUOTING), S.QUEUED),
        "begin": Move((S.QUEUED,), S.BOOKING),
        "book": Move((S.QUEUED, S.BOOKING, S.UNCERTAIN, S.FAILED), S.BOOKED),
        "postpone": Move((S.BOOKING,), S.QUEUED),
        "fail": Move((S.BOOKING, S.QUOTING, S.UNCERTAIN), S.FAILED),
        "doubt": Move((S.BOOKING,), S.UNCERTAIN),
        "retry": Move((S.FAILED, S.UNCERTAIN), S.QUEUED),
        "ask_again": Move((S.FAILED,), S.QUOTING),
        "cancel": Move((*_UNBOOKED, S.UNCERTAIN, S.BOOKED), S.CANCELLED),
        "take": Move(_MOVING, S.IN_TRANSIT),
        "bring": Move(_MOVING, S.OUT),
        "stumble": Move(_MOVING, S.PROBLEM),
        "arrive": Move(_MOVING, S.DELIVERED),
        "turn_back": Move(_MOVING, S.RETURNED),
    },
)
_REACHED = {
    Reached.IN_TRANSIT: "take", Reached.OUT: "bring", Reached.PROBLEM: "stumble", Reached.DELIVERED: "arrive",
    Reached.RETURNED: "turn_back",
}  # fmt: skip
OPEN = (*_UNBOOKED, S.BOOKING, S.UNCERTAIN, *_MOVING)
"""States in which a delivery needs no other shipment."""
ASKED = _MOVING
"""States in which the carrier is asked where it is."""

LOST_AFTER = timedelta(minutes=3)
"""A booking that has been on its way so long lost its worker: every call has ended by then."""
SOON = timedelta(seconds=20)
_ASKS = (timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=1), timedelta(hours=3))
MOST_ASKS = 400


def move_reached(latest: Reached, status: str) -> str | None:
    """The move that the latest thing a carrier told asks for; None: it changes nothing.

    What a carrier tells comes late, twice and out of order: the caller sorts by when it happened, and a shipment that
    has arrived or come back stays so.
    """
    move = _REACHED.get(latest)
    if move is None or status not in shipment_flow.moves[move].sources:
        return None
    return move if shipment_flow.moves[move].target != status else None


def next_ask(asks: int, at: datetime) -> datetime | None:
    """When the carrier is asked again where a shipment is; None: no more."""
    return at + _ASKS[min(asks, len(_ASKS) - 1)] if asks < MOST_ASKS else None
