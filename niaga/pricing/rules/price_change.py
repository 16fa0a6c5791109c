"""What becomes of a change of prices that was prepared aside."""

from enum import StrEnum

from niaga.core.rules.flow import Flow, Move


class ChangeStatus(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    """It is published at its moment."""
    BLOCKED = "blocked"
    """Its moment came and it could no longer hold; a person decides."""
    PUBLISHED = "published"
    DISCARDED = "discarded"


_S = ChangeStatus
_OPEN = (_S.DRAFT, _S.SCHEDULED, _S.BLOCKED)
FLOW: Flow[ChangeStatus] = Flow(
    kind="price_change",
    moves={
        "change": Move((_S.DRAFT, _S.BLOCKED), _S.DRAFT),
        "schedule": Move((_S.DRAFT, _S.BLOCKED), _S.SCHEDULED),
        "unschedule": Move((_S.SCHEDULED,), _S.DRAFT),
        "block": Move((_S.SCHEDULED,), _S.BLOCKED),
        "publish": Move(_OPEN, _S.PUBLISHED),
        "discard": Move(_OPEN, _S.DISCARDED),
    },
)
