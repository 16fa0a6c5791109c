"""What was asked, for those who may see it, and what waits for a person."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from niaga.approvals.models import ApprovalDecision, ApprovalRequest, ApprovalStep, RequestStatus, StepStatus
from niaga.approvals.queries.deputies import in_force
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of


def waiting_for(*, by: Actor, at: datetime) -> QuerySet[ApprovalRequest]:
    """The requests of the current company whose open step asks the person, or somebody they stand in for, and that
    they have not answered. One statement, the delegations within it."""
    access = access_of(by)
    if by.id is None or not access.companies or not access.allows("approval", "decide"):
        return ApprovalRequest.objects.none()
    here = access.current_company
    absent = in_force(company_id=here.id, at=at, zone=here.zone).filter(deputy_id=by.id).values("person_id")
    answered = ApprovalDecision.objects.filter(
        request_id=OuterRef("pk"), step__status=StepStatus.OPEN, decided_by_id=by.id
    )
    return ApprovalRequest.objects.filter(
        Q(waits_for__contains=[by.id]) | Q(waits_for__overlap=ArraySubquery(absent)),
        ~Q(excluded__contains=[by.id]), ~Exists(answered), company_id=here.id, status=RequestStatus.WAITING,
    )  # fmt: skip


def visible_requests(*, by: Actor) -> QuerySet[ApprovalRequest]:
    """The requests of the current company about documents within the person's reach, those they asked, and those they
    are or were asked."""
    access = access_of(by)
    if not access.companies:
        return ApprovalRequest.objects.none()
    mine = Q(asked_by_id=by.id) | Q(waits_for__contains=[by.id])
    seated = ApprovalStep.objects.filter(request_id=OuterRef("pk"), people__contains=[by.id])
    decided = ApprovalDecision.objects.filter(request_id=OuterRef("pk"), decided_by_id=by.id)
    here = access.current_company.id
    if by.id is None:
        return ApprovalRequest.objects.filter(company_id=here)
    reach = access.filter("approval")
    return ApprovalRequest.objects.filter(reach | mine | Exists(seated) | Exists(decided), company_id=here)


def request_for(*, request_id: UUID, by: Actor, at: datetime) -> ApprovalRequest:
    """One request with its steps and decisions, for who may see it, is asked, or stands in for somebody who is.

    :raises NotFound: none, or none for this person
    """
    rows = ApprovalRequest.objects.filter(pk=request_id)
    allowed = Q(pk__in=visible_requests(by=by).values("pk")) | Q(pk__in=waiting_for(by=by, at=at).values("pk"))
    found = with_story(rows.filter(allowed)).first()
    if found is None:
        raise NotFound()
    return found


def with_story(rows: QuerySet[ApprovalRequest]) -> QuerySet[ApprovalRequest]:
    """Requests with who asked, their steps and every decision: two statements more for any number."""
    decisions = ApprovalDecision.objects.select_related("decided_by", "on_behalf_of").order_by("at", "id")
    return rows.select_related("asked_by", "salesperson").prefetch_related(
        Prefetch("steps", ApprovalStep.objects.order_by("position"), to_attr="told_steps"),
        Prefetch("decisions", decisions, to_attr="told_decisions"),
    )


def may_answer(request: ApprovalRequest, *, by: Actor, at: datetime) -> bool:
    """Whether the person is asked now."""
    return waiting_for(by=by, at=at).filter(pk=request.pk).exists()


def matching_requests(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Those whose document or customer is called so."""
    typed = text.strip()[:60]
    return rows.filter(Q(number__istartswith=typed) | Q(party__icontains=typed))


def people_named(request: ApprovalRequest) -> Collection[UUID]:
    """Everybody whose name its page needs."""
    found: set[UUID] = set(request.waits_for)
    for step in request.told_steps:  # type: ignore[attr-defined]
        found.update(step.people)
    return found


def last_word(request_id: UUID) -> tuple[str, str, datetime]:
    """Who decided last about a settled request, with what reason, and when. The caller checked access."""
    found = ApprovalDecision.objects.filter(request_id=request_id).select_related("decided_by").latest("at", "id")
    return str(found.decided_by), found.reason, found.at


def waiting_about(*, subject_id: UUID) -> UUID:
    """The request that waits about a subject. The caller has just asked."""
    return ApprovalRequest.objects.values_list("id", flat=True).get(subject_id=subject_id, status=RequestStatus.WAITING)


def waits_about(*, subject_kind: str, subject_id: UUID) -> UUID | None:
    """The request that waits about a subject, if any does. The caller checked access."""
    rows = ApprovalRequest.objects.filter(
        subject_kind=subject_kind, subject_id=subject_id, status=RequestStatus.WAITING
    )
    return rows.values_list("id", flat=True).first()


def answered_about(request_id: UUID, *, subject_kind: str) -> ApprovalRequest | None:
    """The request about such a subject, once it was answered. Unchecked access: for what follows."""
    answered = (RequestStatus.APPROVED, RequestStatus.REJECTED)
    return ApprovalRequest.objects.filter(pk=request_id, subject_kind=subject_kind, status__in=answered).first()
