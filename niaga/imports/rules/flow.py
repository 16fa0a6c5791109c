"""What becomes of a file."""

from enum import StrEnum

from niaga.core.rules.flow import Flow, Move


class BatchStatus(StrEnum):
    MAPPING = "mapping"
    """Uploaded; its columns are being named."""
    QUEUED = "queued"
    RUNNING = "running"
    CHECKED = "checked"
    """A dry run found nothing wrong."""
    DONE = "done"
    REFUSED = "refused"
    """Some rows are wrong; nothing was written."""
    FAILED = "failed"
    """The file as a whole could not be read."""
    UNDONE = "undone"


_S = BatchStatus
_RESTING = (_S.MAPPING, _S.CHECKED, _S.REFUSED, _S.FAILED)
FLOW: Flow[BatchStatus] = Flow(
    kind="import",
    moves={
        "map": Move(_RESTING, _S.MAPPING),
        "queue": Move(_RESTING, _S.QUEUED),
        "begin": Move((_S.QUEUED, _S.RUNNING), _S.RUNNING),
        "find_sound": Move((_S.RUNNING,), _S.CHECKED),
        "finish": Move((_S.RUNNING,), _S.DONE),
        "refuse": Move((_S.RUNNING,), _S.REFUSED),
        "fail": Move((_S.QUEUED, _S.RUNNING), _S.FAILED),
        "undo": Move((_S.DONE,), _S.UNDONE),
    },
)
