"""What becomes of a refund. One by hand is done when it is written down; one through a gateway when it says so."""

from enum import StrEnum

from niaga.core.rules.flow import Flow, Move


class RefundStatus(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    PENDING = "pending"
    """The gateway has it and works on it."""
    DONE = "done"
    FAILED = "failed"
    """Nothing went back: the payment has its money again."""
    UNCERTAIN = "uncertain"
    """Nobody knows whether the gateway took it: never sent again by itself."""


S = RefundStatus
refund_flow: Flow[RefundStatus] = Flow(
    kind="refund",
    moves={
        "begin": Move((S.QUEUED,), S.SENDING),
        "postpone": Move((S.SENDING,), S.QUEUED),
        "doubt": Move((S.SENDING,), S.UNCERTAIN),
        "accept": Move((S.SENDING, S.UNCERTAIN), S.PENDING),
        "finish": Move((S.QUEUED, S.SENDING, S.PENDING, S.UNCERTAIN), S.DONE),
        "fail": Move((S.QUEUED, S.SENDING, S.PENDING, S.UNCERTAIN), S.FAILED),
        "retry": Move((S.UNCERTAIN,), S.QUEUED),
    },
)
