"""The states of a return."""

from enum import StrEnum

from niaga.core.rules.flow import Flow, Move


class ReturnStatus(StrEnum):
    REQUESTED = "requested"
    AUTHORIZED = "authorized"
    RECEIVED = "received"
    INSPECTED = "inspected"
    SETTLED = "settled"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


_S = ReturnStatus
return_flow = Flow(
    kind="return",
    moves={
        "authorize": Move((_S.REQUESTED,), _S.AUTHORIZED),
        "reject": Move((_S.REQUESTED,), _S.REJECTED),
        "receive": Move((_S.AUTHORIZED,), _S.RECEIVED),
        "inspect": Move((_S.RECEIVED,), _S.INSPECTED),
        "settle": Move((_S.INSPECTED,), _S.SETTLED),
        "settle_claim": Move((_S.AUTHORIZED,), _S.SETTLED),
        "cancel": Move((_S.REQUESTED, _S.AUTHORIZED), _S.CANCELLED),
    },
)
