"""The commercial states of a delivery."""

from enum import StrEnum

from niaga.core.rules.flow import Flow, Move


class DeliveryStatus(StrEnum):
    DRAFT = "draft"
    PICKING = "picking"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


_S = DeliveryStatus
delivery_flow = Flow(
    kind="delivery",
    moves={
        "pick": Move((_S.DRAFT,), _S.PICKING),
        "ship": Move((_S.DRAFT, _S.PICKING), _S.SHIPPED),
        "deliver": Move((_S.SHIPPED,), _S.DELIVERED),
        "cancel": Move((_S.DRAFT, _S.PICKING), _S.CANCELLED),
    },
)
