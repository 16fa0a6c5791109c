"""Steps that nobody answers: the time is over, or everybody who was asked has left."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.approvals.models import ApprovalDecision, ApprovalRequest, ApprovalStep, RequestStatus, StepStatus
from niaga.approvals.rules.chain import Approver, Seat, is_passed
from niaga.approvals.services.ask_approval import moved
from niaga.approvals.services.conclude import conclude
from niaga.approvals.services.open_next import open_next, people_of
from niaga.approvals.services.seat_steps import Crew, crew_of
from niaga.approvals.services.tell_approvers import tell_approvers
from niaga.core.audit import record
from niaga.core.batch import Batch


def pass_on_steps(*, at: datetime) -> int:
    """Hand on what waits too long, and give a step that lost its people those who sit there now. Never a yes: what
    nobody can answer goes on waiting. Done twice it does nothing more. Returns how many requests moved."""
    crews: dict[UUID, Crew] = {}
    waiting = ApprovalRequest.objects.filter(status=RequestStatus.WAITING).order_by("id")
    moved_on = 0
    for request_id, company_id in waiting.values_list("id", "company_id"):
        crew = crews.get(company_id) or crews.setdefault(company_id, crew_of(company_id))
        moved_on += _pass_on(request_id, crew, at)
    return moved_on


@transaction.atomic
def _pass_on(request_id: UUID, crew: Crew, at: datetime) -> bool:
    request = (
        ApprovalRequest.objects.select_for_update(skip_locked=True)
        .filter(pk=request_id, status=RequestStatus.WAITING)
        .first()
    )
    if request is None:
        return False
    steps = list(ApprovalStep.objects.filter(request_id=request.pk).order_by("position"))
    step = next(one for one in steps if one.status == StepStatus.OPEN)
    left = [one for one in step.people if one in crew.people and crew.people[one].decides]
    late = step.due_at is not None and step.due_at <= at and step.escalated_at is None
    if not late and left == step.people:
        return False
    batch = Batch()
    if late and step.then is not None and _hand_to(batch, request, step, step.then, crew, at):
        verb = "escalate_approval"
    elif not late and left and step.is_all and is_passed(all_of=True, people=left, approved_for=_said_yes(step)):
        conclude(batch=batch, request=request, steps=steps, step=step, by="Niaga", at=at, people=left)
        verb = "seat_approval"
    elif not late and left:
        _seat_anew(batch, request, step, left)
        verb = "seat_approval"
    elif not late and (people := people_of(step, request, crew)):
        _seat_anew(batch, request, step, people)
        tell_approvers(batch=batch, request=request, people=people, crew=crew, at=at)
        verb = "seat_approval"
    elif open_next(batch=batch, request=request, steps=steps, after=step, at=at, late=True, crew=crew):
        batch.update(
            ApprovalStep, where={"id": step.pk, "status": StepStatus.OPEN},
            values={"status": StepStatus.PASSED_ON, "closed_at": at, "why": "late" if late else "nobody"},
        )  # fmt: skip
        verb = "escalate_approval"
    elif late:  # nobody else is there: those who were asked are reminded, and it waits
        batch.update(ApprovalStep, where={"id": step.pk}, values={"escalated_at": at})
        tell_approvers(batch=batch, request=request, people=step.people, crew=crew, at=at, late=True)
        verb = "remind_approval"
    else:
        return False
    record(
        batch=batch, subject_kind=request.subject_kind, subject_id=request.subject_id, verb=verb, by=None, at=at,
        company_id=request.company_id, data={"request": str(request.pk), "step": step.position},
    )  # fmt: skip
    moved(batch=batch, request=request, status=request.status, by=None, at=at)
    batch.write()
    return True


def _hand_to(
    batch: Batch, request: ApprovalRequest, step: ApprovalStep, person: UUID, crew: Crew, at: datetime
) -> bool:
    """The step is that person's from now on, when they work here, may approve and it is not their own."""
    people = crew.seat([Approver(Seat.USER, str(person))], seller=None, excluded=request.excluded)
    if not people:
        return False
    batch.update(
        ApprovalStep, where={"id": step.pk, "status": StepStatus.OPEN},
        values={"people": people, "is_all": False, "escalated_at": at, "why": "late"},
    )  # fmt: skip
    batch.update(ApprovalRequest, where={"id": request.pk}, values={"waits_for": people})
    tell_approvers(batch=batch, request=request, people=people, crew=crew, at=at, late=True)
    return True


def _said_yes(step: ApprovalStep) -> set[UUID]:
    given = ApprovalDecision.objects.filter(step_id=step.pk, approved=True)
    return {behalf or by for by, behalf in given.values_list("decided_by_id", "on_behalf_of_id")}


def _seat_anew(batch: Batch, request: ApprovalRequest, step: ApprovalStep, people: list[UUID]) -> None:
    batch.update(ApprovalStep, where={"id": step.pk}, values={"people": people})
    batch.update(ApprovalRequest, where={"id": request.pk}, values={"waits_for": people})
