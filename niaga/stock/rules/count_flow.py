"""The states of a stock count, and of goods that are expected."""

from enum import StrEnum

from niaga.core.rules.flow import Flow, Move


class CountStatus(StrEnum):
    DRAFT = "draft"
    POSTED = "posted"
    CANCELLED = "cancelled"


_C = CountStatus
count_flow = Flow(
    kind="count",
    moves={
        "enter": Move((_C.DRAFT,), _C.DRAFT),
        "post": Move((_C.DRAFT,), _C.POSTED),
        "cancel": Move((_C.DRAFT,), _C.CANCELLED),
    },
)


class ExpectedStatus(StrEnum):
    OPEN = "open"
    RECEIVED = "received"
    CANCELLED = "cancelled"


_E = ExpectedStatus
expected_flow = Flow(
    kind="expected_receipt",
    moves={
        "receive": Move((_E.OPEN,), _E.RECEIVED),
        "receive_part": Move((_E.OPEN,), _E.OPEN),
        "cancel": Move((_E.OPEN,), _E.CANCELLED),
    },
)
