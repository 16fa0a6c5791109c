from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from niaga.approvals.errors import DecidedAlready, NotAsked, OwnDocument
from niaga.approvals.models import ApprovalDecision, ApprovalRequest, ApprovalStep, RequestStatus, StepStatus
from niaga.approvals.queries.deputies import stands_in_for
from niaga.approvals.rules.chain import is_passed
from niaga.approvals.services.ask_approval import moved, settle
from niaga.approvals.services.conclude import close_step, conclude
from niaga.approvals.services.tell_approvers import page_of, tell_outcome
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Forbidden, Invalid, NotFound, StaleVersion, WrongState
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.organization.access import Actor, access_of


@transaction.atomic
def decide_approval(
    *, request_id: UUID, approved: bool, reason: str = "", facts_hash: str | None = None, by: Actor, at: datetime
) -> ApprovalDecision:
    """Say yes or no in the step that is open. A no ends the request; the last yes that is needed approves it.

    The answer is about the figures that were frozen when it was asked: whatever the document has become meanwhile is
    compared with them. A deputy's answer counts for the person who is away.

    :raises NotFound: no such request in the person's companies
    :raises Forbidden: the person's role may not approve
    :raises WrongState: it is settled
    :raises StaleVersion: `facts_hash` is not of what is asked
    :raises OwnDocument: the person asked for it, sells it or wrote it
    :raises NotAsked: the open step asks others
    :raises DecidedAlready: they answered in this step before
    :raises Invalid: a no without a reason
    """
    access = access_of(by)
    request = ApprovalRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None or by.id is None or request.company_id not in access.company_ids:
        raise NotFound()
    if not access.allows("approval", "decide", request.company_id):
        raise Forbidden()
    if request.status != RequestStatus.WAITING:
        raise WrongState()
    if facts_hash is not None and facts_hash != request.facts_hash:
        raise StaleVersion()
    if by.id in request.excluded:
        raise OwnDocument()
    steps = list(ApprovalStep.objects.filter(request_id=request.pk).order_by("position"))
    step = next(one for one in steps if one.status == StepStatus.OPEN)
    given = list(ApprovalDecision.objects.filter(step_id=step.pk))
    if any(one.decided_by_id == by.id for one in given):
        raise DecidedAlready()
    behalf = _behalf(request, step, given, by.id, at)
    findings = Findings()
    values = check_values(ApprovalDecision, {"reason": reason.strip()[:1000]}, findings=findings)
    findings.raise_if_any()
    if not approved and not values["reason"]:
        raise Invalid(_("Say why."), field="reason")
    decision = ApprovalDecision(
        id=new_id(), company_id=request.company_id, request_id=request.pk, step_id=step.pk, approved=approved,
        decided_by_id=by.id, on_behalf_of_id=behalf, facts_hash=request.facts_hash, at=at, **values,
    )  # fmt: skip
    batch = Batch()
    batch.insert(
        ApprovalDecision, [{one.attname: getattr(decision, one.attname) for one in decision._meta.concrete_fields}]
    )
    record(
        batch=batch, subject_kind=request.subject_kind, subject_id=request.subject_id,
        verb="approve" if approved else "reject", by=by.id, at=at, company_id=request.company_id,
        note=decision.reason,
        data={"request": str(request.pk), "step": step.position, "facts_hash": request.facts_hash,
              "on_behalf_of": behalf and str(behalf)},
    )  # fmt: skip
    _go_on(batch, request, steps, step, [*given, decision], by, at)
    batch.write()
    return decision


def _behalf(
    request: ApprovalRequest, step: ApprovalStep, given: Sequence[ApprovalDecision], person: UUID, at: datetime
) -> UUID | None:
    """For whom the person answers: nobody else when they are asked themselves.

    :raises NotAsked: nor are they a deputy of anybody who is, and has not answered
    """
    if person in step.people:
        return None
    answered = {one.on_behalf_of_id or one.decided_by_id for one in given}
    for absent in stands_in_for(person, company_id=request.company_id, at=at):
        if absent in step.people and absent not in answered:
            return absent
    raise NotAsked()


def _go_on(
    batch: Batch, request: ApprovalRequest, steps: Sequence[ApprovalStep], step: ApprovalStep,
    given: Sequence[ApprovalDecision], by: Actor, at: datetime,
) -> None:  # fmt: skip
    """What follows from an answer: the step stays open, the next one opens, or all is settled."""
    last = given[-1]
    said = {one.on_behalf_of_id or one.decided_by_id for one in given if one.approved}
    name = str(by)
    if not last.approved:
        close_step(batch=batch, step=step, status=StepStatus.REJECTED, at=at)
        settle(batch=batch, request=request, status=RequestStatus.REJECTED, at=at)
        text = gettext_noop("%(name)s did not approve %(number)s of %(customer)s")
        tell_outcome(batch=batch, request=request, url=page_of(request.pk), text=text, by=name, at=at)
    elif is_passed(all_of=step.is_all, people=step.people, approved_for=said):
        conclude(batch=batch, request=request, steps=steps, step=step, by=name, at=at)
    moved(batch=batch, request=request, status=request.status, by=by.id, at=at)
