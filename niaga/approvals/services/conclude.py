"""A step that has its yes: the next one opens, or the request is approved."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop

from niaga.approvals.models import ApprovalRequest, ApprovalStep, RequestStatus, StepStatus
from niaga.approvals.services.ask_approval import settle
from niaga.approvals.services.open_next import open_next
from niaga.approvals.services.tell_approvers import page_of, tell_outcome
from niaga.core.batch import Batch


def close_step(
    *, batch: Batch, step: ApprovalStep, status: str, at: datetime, people: Sequence[UUID] | None = None
) -> None:
    batch.update(
        ApprovalStep, where={"id": step.pk, "status": StepStatus.OPEN},
        values={"status": status, "closed_at": at, "people": step.people if people is None else list(people)},
    )  # fmt: skip
    step.status = status


def conclude(
    *, batch: Batch, request: ApprovalRequest, steps: Sequence[ApprovalStep], step: ApprovalStep, by: str,
    at: datetime, people: Sequence[UUID] | None = None,
) -> None:  # fmt: skip
    """Add to the batch what follows from the last yes that a step needed."""
    close_step(batch=batch, step=step, status=StepStatus.APPROVED, at=at, people=people)
    if not open_next(batch=batch, request=request, steps=steps, after=step, at=at):
        settle(batch=batch, request=request, status=RequestStatus.APPROVED, at=at)
        text = gettext_noop("%(name)s approved %(number)s of %(customer)s")
        tell_outcome(batch=batch, request=request, url=page_of(request.pk), text=text, by=by, at=at)
