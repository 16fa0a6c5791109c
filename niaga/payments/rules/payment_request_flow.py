"""What becomes of a request to pay through a gateway. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from niaga.core.rules.flow import Flow, Move


class RequestStatus(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    PENDING = "pending"
    """It stands at the gateway and can be paid."""
    PAID = "paid"
    EXPIRED = "expired"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    """Died between hand-over and answer: never sent again by itself, settled by asking the gateway or by a person."""


S = RequestStatus
_UNPAID = (S.QUEUED, S.SENDING, S.PENDING, S.UNCERTAIN, S.EXPIRED, S.FAILED)
payment_request_flow: Flow[RequestStatus] = Flow(
    kind="payment_request",
    moves={
        "begin": Move((S.QUEUED,), S.SENDING),
        "open": Move((S.SENDING, S.UNCERTAIN), S.PENDING),
        "postpone": Move((S.SENDING,), S.QUEUED),
        "fail": Move((S.SENDING,), S.FAILED),
        "doubt": Move((S.SENDING,), S.UNCERTAIN),
        "retry": Move((S.FAILED, S.UNCERTAIN), S.QUEUED),
        "pay": Move(_UNPAID, S.PAID),
        "expire": Move((S.PENDING, S.UNCERTAIN), S.EXPIRED),
        "decline": Move((S.PENDING, S.UNCERTAIN), S.FAILED),
    },
)
TOLD = {"paid": "pay", "expired": "expire", "failed": "decline", "pending": "open"}
"""What a gateway tells -> the move it asks for. Its words come late, twice and out of order: one that the state does
not allow changes nothing. Money counts whenever it comes: also after the request had expired or failed."""

LOST_AFTER = timedelta(minutes=3)
"""A request that has been on its way so long lost its worker: every call has ended by then."""
GRACE = timedelta(hours=1)
"""So long after its last moment the gateway is still believed to be late rather than silent."""
_ASKS = (timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
MOST_ASKS = 200


def move_told(state: str, status: str) -> str | None:
    """The move that a gateway's word asks for; None: it changes nothing."""
    move = TOLD.get(state)
    if move == "open" and status != S.UNCERTAIN:  # while we wait for the answer, the answer says it
        return None
    return move if move and status in payment_request_flow.moves[move].sources else None


def next_ask(asks: int, at: datetime) -> datetime | None:
    """When a gateway that does not call back is asked again; None: no more."""
    return at + _ASKS[min(asks, len(_ASKS) - 1)] if asks < MOST_ASKS else None
