"""Where an invoice stands with the tax office."""

from enum import StrEnum

from niaga.core.rules.flow import Flow, Move


class TaxStatus(StrEnum):
    OPEN = "open"
    EXPORTED = "exported"
    FILED = "filed"
    REPLACED = "replaced"
    """The invoice that puts it right is filed as the replacement of its serial."""
    TO_CANCEL = "to_cancel"
    """It was put right for another buyer: its serial is to be cancelled in Coretax."""
    CANCELLED = "cancelled"
    LEFT_OUT = "left_out"


_S = TaxStatus
tax_flow = Flow(
    kind="tax_filing",
    moves={
        "export": Move((_S.OPEN,), _S.EXPORTED),
        "withdraw": Move((_S.EXPORTED,), _S.OPEN),
        "file": Move((_S.OPEN, _S.EXPORTED), _S.FILED),
        "replace": Move((_S.FILED,), _S.FILED),
        "supersede": Move((_S.FILED,), _S.REPLACED),
        "void": Move((_S.FILED, _S.REPLACED), _S.TO_CANCEL),
        "cancel": Move((_S.FILED, _S.TO_CANCEL), _S.CANCELLED),
        "leave_out": Move((_S.OPEN,), _S.LEFT_OUT),
        "take_in": Move((_S.LEFT_OUT, _S.CANCELLED), _S.OPEN),
    },
)
