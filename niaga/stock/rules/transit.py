"""A transfer by two steps: its states, and what a part of goods that are on their way is worth."""

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from niaga.core.rules.flow import Flow, Move


class TransferStatus(StrEnum):
    DRAFT = "draft"
    SHIPPED = "shipped"
    RECEIVED = "received"
    RETURNED = "returned"
    CANCELLED = "cancelled"


_T = TransferStatus
transfer_flow = Flow(
    kind="transfer",
    moves={
        "ship": Move((_T.DRAFT,), _T.SHIPPED),
        "cancel": Move((_T.DRAFT,), _T.CANCELLED),
        "postpone": Move((_T.SHIPPED,), _T.SHIPPED),
        "receive_part": Move((_T.SHIPPED,), _T.SHIPPED),
        "receive": Move((_T.SHIPPED,), _T.RECEIVED),
        "bring_back": Move((_T.SHIPPED,), _T.RETURNED),
    },
)


def part_worth(*, value: Decimal, quantity: Decimal, before: Decimal, taken: Decimal, digits: int) -> Decimal:
    """What `taken` of `quantity` goods worth `value` are worth, after `before` of them were taken: by running sums, so
    that all parts together are worth `value` to the last cent."""

    def up_to(count: Decimal) -> Decimal:
        return (value * count / quantity).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)

    return up_to(before + taken) - up_to(before)
