import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction

from niaga.approvals.errors import ApprovalAskedAlready, NoApprovalNeeded
from niaga.approvals.events import ApprovalMoved
from niaga.approvals.models import ApprovalRequest, ApprovalStep, RequestStatus, StepStatus
from niaga.approvals.queries.rules import names_of
from niaga.approvals.rules.chain import due_at
from niaga.approvals.rules.condition import FIELDS, Kind, freeze_facts, read_facts
from niaga.approvals.rules.gate import Approval, Rule
from niaga.approvals.services.seat_steps import crew_of, seat_steps
from niaga.approvals.services.tell_approvers import tell_approvers
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.core.outbox import announce
from niaga.organization.access import Actor


@dataclass(frozen=True, slots=True)
class Subject:
    """What is decided about, as approvals keeps it. `own_of`: who may not decide, besides who asks."""

    kind: str
    id: UUID
    number: str
    company_id: UUID
    branch_id: UUID
    salesperson_id: UUID | None
    party_id: UUID
    party: str
    amount: Decimal
    currency: str
    own_of: Collection[UUID | None] = ()


@transaction.atomic
def ask_approval(
    *, subject: Subject, rules: Sequence[Rule], facts: Mapping[str, Any], note: str = "", by: Actor, at: datetime
) -> ApprovalRequest:
    """Ask for the yes that `rules`, those without one, want for these figures. The caller has locked the subject and
    checked the right to ask. A request that waits is taken back when this one asks for more.

    :raises NoApprovalNeeded: no rule
    :raises ApprovalAskedAlready: the request that waits asks for the same or more
    :raises NobodyCanApprove: a rule has nobody left who may decide
    """
    if not rules:
        raise NoApprovalNeeded()
    waiting = (
        ApprovalRequest.objects.select_for_update()
        .filter(subject_kind=subject.kind, subject_id=subject.id, status=RequestStatus.WAITING)
        .first()
    )
    if waiting is not None and asks_enough(waiting.rules, waiting.facts, rules, facts):
        raise ApprovalAskedAlready()
    excluded = {one for one in (by.id, subject.salesperson_id, *subject.own_of) if one is not None}
    crew = crew_of(subject.company_id)
    steps = seat_steps(rules, crew, seller=subject.salesperson_id or by.id, excluded=excluded)
    findings = Findings()
    words = check_values(ApprovalRequest, {"note": note.strip()[:1000]}, findings=findings)
    findings.raise_if_any()
    frozen, kept = freeze_facts(facts), [_kept(rule, subject.company_id) for rule in rules]
    first = next(place for place, (_step, people) in enumerate(steps) if people)
    request = ApprovalRequest(
        id=new_id(), company_id=subject.company_id, branch_id=subject.branch_id, salesperson_id=subject.salesperson_id,
        subject_kind=subject.kind, subject_id=subject.id, number=subject.number, party_id=subject.party_id,
        party=subject.party, amount=subject.amount, currency=subject.currency, facts=frozen, rules=kept,
        facts_hash=hash_of(frozen, kept), asked_by_id=by.id, asked_at=at, excluded=sorted(excluded),
        waits_for=steps[first][1], **words,
    )  # fmt: skip
    if waiting is not None:  # by itself: the index of those that wait must have room for the new one
        before = Batch()
        take_back(batch=before, request=waiting, note="", by=by.id, at=at)
        before.write()
    batch = Batch()
    batch.insert(
        ApprovalRequest, [{one.attname: getattr(request, one.attname) for one in request._meta.concrete_fields}]
    )
    batch.insert(
        ApprovalStep,
        [
            {
                "position": place + 1, "is_all": step.all, "approvers": step.as_json()["approvers"], "people": people,
                "hours": step.hours, "then": UUID(step.then) if step.then else None,
                "status": StepStatus.PASSED_ON if not people and place < first else
                StepStatus.OPEN if place == first else StepStatus.LATER,
                "opened_at": at if place == first else None,
                "due_at": due_at(step.hours, at) if place == first else None,
                "closed_at": at if place < first else None, "why": "nobody" if place < first else "",
            }
            for place, (step, people) in enumerate(steps)
        ],
        request_id=request.pk,
    )  # fmt: skip
    record(
        batch=batch, subject_kind=subject.kind, subject_id=subject.id, verb="ask_approval", by=by.id, at=at,
        company_id=subject.company_id, note=request.note,
        data={"request": str(request.pk), "rules": [rule.name for rule in rules], "facts": frozen},
    )  # fmt: skip
    tell_approvers(batch=batch, request=request, people=request.waits_for, crew=crew, at=at)
    moved(batch=batch, request=request, status=request.status, by=by.id, at=at)
    batch.write()
    return request


def asks_enough(
    kept: Sequence[Mapping[str, Any]], frozen: Mapping[str, Any], rules: Sequence[Rule], facts: Mapping[str, Any]
) -> bool:
    """Whether a request, if it is approved, lets these figures by."""
    yes = Approval({one["id"]: one["revision"] for one in kept}, read_facts(frozen))
    return all(yes.covers(rule, facts) for rule in rules)


def _kept(rule: Rule, company_id: UUID) -> dict[str, Any]:
    """A rule as its request keeps it: readable for good, whatever becomes of what it names."""
    chosen = {
        (test.field, key)
        for test in rule.condition.tests()
        if FIELDS[test.field].kind is Kind.CHOICE
        for key in test.value
    }
    names = names_of(company_id, fields={field for field, _key in chosen}) if chosen else {}
    return {
        "id": rule.id, "revision": rule.revision, "name": rule.name, "condition": rule.condition.as_json(),
        "currency": rule.currency, "names": {key: names.get(field, {}).get(key, "") for field, key in chosen},
    }  # fmt: skip


def hash_of(facts: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> str:
    told = orjson.dumps({"facts": dict(facts), "rules": list(rules)}, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(told).hexdigest()


def take_back(*, batch: Batch, request: ApprovalRequest, note: str, by: UUID | None, at: datetime) -> None:
    """Add to the batch that a locked request waits no more."""
    settle(batch=batch, request=request, status=RequestStatus.WITHDRAWN, at=at)
    record(
        batch=batch, subject_kind=request.subject_kind, subject_id=request.subject_id, verb="withdraw_approval", by=by,
        at=at, company_id=request.company_id, note=note, data={"request": str(request.pk)},
    )  # fmt: skip
    moved(batch=batch, request=request, status=RequestStatus.WITHDRAWN, by=by, at=at)


def settle(*, batch: Batch, request: ApprovalRequest, status: str, at: datetime) -> None:
    """Add to the batch that a locked request is settled."""
    batch.update(
        ApprovalRequest, where={"id": request.pk, "status": RequestStatus.WAITING},
        values={"status": status, "settled_at": at, "waits_for": [], "version": request.version + 1},
    )  # fmt: skip
    request.status, request.settled_at, request.waits_for = status, at, []


def moved(*, batch: Batch, request: ApprovalRequest, status: str, by: UUID | None, at: datetime) -> None:
    announce(
        batch=batch,
        event=ApprovalMoved(request.pk, status, request.subject_kind, request.subject_id, request.number),
        company_id=request.company_id, by=by, at=at,
    )  # fmt: skip
