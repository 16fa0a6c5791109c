"""The states of a payment."""

from enum import StrEnum

from niaga.core.rules.flow import Flow, Move


class PaymentStatus(StrEnum):
    RECORDED = "recorded"
    REVERSED = "reversed"


_S = PaymentStatus
payment_flow = Flow(
    kind="payment",
    moves={
        "reverse": Move((_S.RECORDED,), _S.REVERSED),
        "allocate": Move((_S.RECORDED,), _S.RECORDED),
        "refund": Move((_S.RECORDED,), _S.RECORDED),
        "refund_failed": Move((_S.RECORDED,), _S.RECORDED),
        "clear": Move((_S.RECORDED,), _S.RECORDED),
    },
)
