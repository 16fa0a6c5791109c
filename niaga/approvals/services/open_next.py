"""From one step to the next: who sits in it is asked anew, since people come and go."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from niaga.approvals.models import ApprovalRequest, ApprovalStep, StepStatus
from niaga.approvals.rules.chain import Approver, Seat, Step, due_at
from niaga.approvals.rules.people import OWNERS
from niaga.approvals.services.seat_steps import Crew, crew_of
from niaga.approvals.services.tell_approvers import tell_approvers
from niaga.core.batch import Batch

_OWNER_STEP = Step(False, (OWNERS,)).as_json()["approvers"]


def people_of(step: ApprovalStep, request: ApprovalRequest, crew: Crew) -> list[UUID]:
    """Who sits in a step today."""
    named = [Approver(Seat(one["seat"]), one["key"]) for one in step.approvers]
    seller = request.salesperson_id or request.asked_by_id
    return crew.seat(named, seller=seller, excluded=request.excluded)


def open_next(
    *, batch: Batch, request: ApprovalRequest, steps: Sequence[ApprovalStep], after: ApprovalStep, at: datetime,
    late: bool = False, crew: Crew | None = None,
) -> bool:  # fmt: skip
    """Add to the batch that the next step with people in it opens, and return whether there is one.

    Steps without anybody are passed over. When the last is one of them, or when nobody answered and there is none, the
    owners are asked, unless they were.
    """
    rest = [step for step in steps if step.position > after.position]
    if not rest and not late:
        return False
    crew = crew or crew_of(request.company_id)
    for step in rest:
        people = people_of(step, request, crew)
        if people:
            due = due_at(step.hours, at)
            batch.update(
                ApprovalStep, where={"id": step.pk},
                values={"status": StepStatus.OPEN, "people": people, "opened_at": at, "due_at": due},
            )  # fmt: skip
            _ask(batch, request, people, crew, at, late)
            return True
        batch.update(
            ApprovalStep, where={"id": step.pk},
            values={"status": StepStatus.PASSED_ON, "people": [], "closed_at": at, "why": "nobody"},
        )  # fmt: skip
    owners = crew.seat([OWNERS], seller=None, excluded=request.excluded)
    if not owners or any(step.approvers == _OWNER_STEP and step.people for step in steps):
        return False
    batch.insert(
        ApprovalStep,
        [{"request_id": request.pk, "position": steps[-1].position + 1, "approvers": _OWNER_STEP, "people": owners,
          "status": StepStatus.OPEN, "opened_at": at}],
    )  # fmt: skip
    _ask(batch, request, owners, crew, at, late)
    return True


def _ask(batch: Batch, request: ApprovalRequest, people: list[UUID], crew: Crew, at: datetime, late: bool) -> None:
    batch.update(ApprovalRequest, where={"id": request.pk}, values={"waits_for": people})
    request.waits_for = people
    tell_approvers(batch=batch, request=request, people=people, crew=crew, at=at, late=late)
