"""The states of a run that issues many drafts."""

from enum import StrEnum

from niaga.core.rules.flow import Flow, Move


class IssueRunStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


_S = IssueRunStatus
issue_run_flow = Flow(
    kind="issue_run",
    moves={
        "begin": Move((_S.QUEUED,), _S.RUNNING),
        "finish": Move((_S.RUNNING,), _S.DONE),
        "cancel": Move((_S.QUEUED, _S.RUNNING), _S.CANCELLED),
    },
)
