"""What becomes of a request to a supplier to send goods straight to a customer. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from niaga.core.rules.flow import Flow, Move


class DropShipStatus(StrEnum):
    ASKED = "asked"
    SENT = "sent"
    CONFIRMED = "confirmed"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


_D = DropShipStatus
OPEN = (_D.ASKED, _D.SENT, _D.CONFIRMED)
drop_ship_flow = Flow(
    kind="drop_ship",
    moves={
        "send": Move((_D.ASKED, _D.SENT), _D.SENT),
        "confirm": Move(OPEN, _D.CONFIRMED),
        "ship": Move(OPEN, _D.SHIPPED),
        "end": Move(OPEN, _D.SHIPPED),
        "cancel": Move(OPEN, _D.CANCELLED),
    },
)


class AskedLine(Protocol):
    """A line of a request, in the order line's unit."""

    id: UUID
    quantity: Decimal
    shipped: Decimal
    cancelled: Decimal


def left_of(line: AskedLine) -> Decimal:
    """What the supplier has still to send."""
    return line.quantity - line.shipped - line.cancelled


def sent_now(
    lines: Iterable[AskedLine], quantities: Mapping[UUID, Decimal] | None
) -> tuple[dict[UUID, Decimal], list[UUID]]:
    """How much of each line the supplier sent: all that is left, or what is named; and the lines of which more is
    named than is left, or less than nothing."""
    left = {line.id: left_of(line) for line in lines}
    if quantities is None:
        return {key: rest for key, rest in left.items() if rest > 0}, []
    wrong = [key for key, quantity in quantities.items() if not 0 <= quantity <= left.get(key, Decimal(0))]
    return {key: quantity for key, quantity in quantities.items() if quantity > 0}, wrong


def usual_day(*, today: date, lead_days: int, planned: date | None) -> date:
    """When a supplier will send, as long as they have not said: after their usual days, or on the customer's day."""
    soonest = today + timedelta(days=lead_days)
    return max(soonest, planned) if planned is not None else soonest
