"""Approvals for programs: what was asked, the answers, the rules, who stands in for whom."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.approvals.api.schemas import (
    ApprovalNoIn,
    ApprovalOut,
    ApprovalQuery,
    ApprovalRuleIn,
    ApprovalRuleOut,
    ApprovalYesIn,
    DelegationIn,
    DelegationOut,
)
from niaga.approvals.models import ApprovalRequest, ApprovalRule
from niaga.approvals.queries.deputies import delegations
from niaga.approvals.queries.requests import request_for, visible_requests, waiting_for, with_story
from niaga.approvals.queries.rules import all_names, flat, rule_for, rules_for
from niaga.approvals.services.decide_approval import decide_approval
from niaga.approvals.services.delegate_approvals import delegate_approvals
from niaga.approvals.services.end_delegation import end_delegation
from niaga.approvals.services.save_rule import RuleDetails, save_rule
from niaga.approvals.services.withdraw_approval import withdraw_approval
from niaga.approvals.web.figures import SECRET, reasons, sees_margin
from niaga.approvals.wording import condition_words
from niaga.core.api import Page, PageQuery, etag, expected_version, page_of
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import access_of

router = Router(tags=["approvals"])


def approval_out(row: ApprovalRequest, request: HttpRequest) -> dict[str, Any]:
    steps: list[Any] = row.told_steps  # type: ignore[attr-defined]
    places = {step.pk: step.position for step in steps}
    hidden = frozenset() if sees_margin(row, request.user) else SECRET
    names = ("id", "subject_kind", "subject_id", "number", "amount", "currency", "status", "facts_hash", "note",
             "asked_by_id", "asked_at", "settled_at", "waits_for")  # fmt: skip
    return {
        **{name: getattr(row, name) for name in names}, "customer_id": row.party_id,
        "facts": {name: value for name, value in row.facts.items() if name not in hidden}, "reasons": reasons(row),
        "steps": [
            {
                "position": step.position, "mode": "all" if step.is_all else "any", "status": step.status,
                "people": step.people, "due_at": step.due_at, "escalated_at": step.escalated_at,
            }
            for step in steps
        ],
        "decisions": [
            {
                "id": one.pk, "step": places[one.step_id], "approved": one.approved, "reason": one.reason,
                "decided_by_id": one.decided_by_id, "on_behalf_of_id": one.on_behalf_of_id, "at": one.at,
            }
            for one in row.told_decisions  # type: ignore[attr-defined]
        ],
    }  # fmt: skip


def _shown(request: HttpRequest, request_id: UUID) -> dict[str, Any]:
    return approval_out(request_for(request_id=request_id, by=request.user, at=now()), request)


@router.get("/approvals", response=Page[ApprovalOut], summary="List approvals")
def list_approvals(request: HttpRequest, query: Query[ApprovalQuery]) -> Any:
    """What was asked about documents within your reach, by you, or of you; the newest first."""
    access_of(request.user).require("approval", "view")
    rows = waiting_for(by=request.user, at=now()) if query.waiting_for_me else visible_requests(by=request.user)
    if query.status:
        rows = rows.filter(status=query.status)
    if query.subject_id:
        rows = rows.filter(subject_id=query.subject_id)
    page = page_of(with_story(rows), order=("-asked_at", "-id"), query=query)
    return {**page, "items": [approval_out(row, request) for row in page["items"]]}


@router.get("/approvals/{approval_id}", response=ApprovalOut, summary="Show an approval")
def read_approval(request: HttpRequest, approval_id: UUID) -> Any:
    access_of(request.user).require("approval", "view")
    return _shown(request, approval_id)


@router.post("/approvals/{approval_id}/approval", response=ApprovalOut, summary="Approve")
def post_approval(request: HttpRequest, approval_id: UUID, body: ApprovalYesIn | None = None) -> Any:
    """Say yes in the step that asks you. Never about your own."""
    given = body or ApprovalYesIn(reason="", facts_hash=None)
    _shown(request, approval_id)
    decide_approval(
        request_id=approval_id, approved=True, reason=given.reason, facts_hash=given.facts_hash, by=request.user,
        at=now(),
    )  # fmt: skip
    return _shown(request, approval_id)


@router.post("/approvals/{approval_id}/rejection", response=ApprovalOut, summary="Reject")
def post_rejection(request: HttpRequest, approval_id: UUID, body: ApprovalNoIn) -> Any:
    """Say no, with the reason. It ends the request."""
    _shown(request, approval_id)
    decide_approval(
        request_id=approval_id, approved=False, reason=body.reason, facts_hash=body.facts_hash, by=request.user,
        at=now(),
    )  # fmt: skip
    return _shown(request, approval_id)


@router.post("/approvals/{approval_id}/withdrawal", response=ApprovalOut, summary="Take a request back")
def post_withdrawal(request: HttpRequest, approval_id: UUID) -> Any:
    """Ask nobody any more: your own request, or as who sets the rules anybody's."""
    _shown(request, approval_id)
    withdraw_approval(request_id=approval_id, by=request.user, at=now())
    return _shown(request, approval_id)


def _rule_out(rule: ApprovalRule, request: HttpRequest, names: dict[str, Any]) -> dict[str, Any]:
    kept = ("id", "name", "condition", "steps", "position", "team_id", "territory_id", "least", "most", "first_day",
            "last_day", "revision", "version")  # fmt: skip
    currency = access_of(request.user).current_company.currency
    words = condition_words(rule.condition, currency, names)
    return {**{name: getattr(rule, name) for name in kept}, "active": rule.archived_at is None, "words": words}


def _names(request: HttpRequest) -> dict[str, Any]:
    return flat(all_names(access_of(request.user).current_company.id))


@router.get("/approval-rules", response=Page[ApprovalRuleOut], summary="List approval rules")
def list_rules(request: HttpRequest, query: Query[PageQuery], archived: bool = False) -> Any:
    """When an approval is needed, and who gives it; with `archived` also what is switched off."""
    access_of(request.user).require("approval", "manage")
    names = _names(request)
    page = page_of(rules_for(by=request.user, archived=archived), order=("position", "id"), query=query)
    return {**page, "items": [_rule_out(rule, request, names) for rule in page["items"]]}


@router.get("/approval-rules/{approval_rule_id}", response=ApprovalRuleOut, summary="Show an approval rule")
def read_rule(request: HttpRequest, response: HttpResponse, approval_rule_id: UUID) -> Any:
    access_of(request.user).require("approval", "manage")
    rule = rule_for(rule_id=approval_rule_id, by=request.user)
    response["ETag"] = etag(rule.version)
    return _rule_out(rule, request, _names(request))


@router.post("/approval-rules", response={201: ApprovalRuleOut}, summary="Set an approval rule")
def post_rule(request: HttpRequest, response: HttpResponse, body: ApprovalRuleIn) -> Any:
    rule = save_rule(
        company_id=access_of(request.user).current_company.id, details=_details(body), by=request.user, at=now()
    )
    response["Location"] = f"/api/v1/approval-rules/{rule.pk}"
    response["ETag"] = etag(rule.version)
    return Status(201, _rule_out(rule, request, _names(request)))


@router.put("/approval-rules/{approval_rule_id}", response=ApprovalRuleOut, summary="Change an approval rule")
def put_rule(request: HttpRequest, response: HttpResponse, approval_rule_id: UUID, body: ApprovalRuleIn) -> Any:
    """Write the rule anew, the whole of it. `active` false switches it off."""
    access_of(request.user).require("approval", "manage")
    rule_for(rule_id=approval_rule_id, by=request.user)
    rule = save_rule(
        company_id=access_of(request.user).current_company.id, rule_id=approval_rule_id, details=_details(body),
        version=expected_version(request), by=request.user, at=now(),
    )  # fmt: skip
    response["ETag"] = etag(rule.version)
    return _rule_out(rule, request, _names(request))


def _details(body: ApprovalRuleIn) -> RuleDetails:
    given = body.dict()
    steps = [{**step, "then": str(step["then"]) if step["then"] else ""} for step in given.pop("steps")]
    return RuleDetails(**{**given, "condition": _plain(given["condition"])}, steps=steps)


def _plain(part: dict[str, Any]) -> dict[str, Any]:
    """Without what was not said, and keys as text."""
    if "parts" in part:
        return {"match": part["match"], "parts": [_plain(one) for one in part["parts"]]}
    told = {name: value for name, value in part.items() if value is not None}
    if isinstance(told.get("value"), list):
        told["value"] = [str(one) for one in told["value"]]
    return told


@router.get("/delegations", response=Page[DelegationOut], summary="List delegations")
def list_delegations(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Who decides in whose place: yours, and for who sets the rules everybody's."""
    access_of(request.user).require("approval", "decide")
    return page_of(delegations(by=request.user), order=("-last_day", "-id"), query=query)


@router.post("/delegations", response={201: DelegationOut}, summary="Delegate approvals")
def post_delegation(request: HttpRequest, body: DelegationIn) -> Any:
    """Let another decide from a day through a day."""
    found = delegate_approvals(
        company_id=access_of(request.user).current_company.id, by=request.user, at=now(), **body.dict()
    )
    return Status(201, found)


@router.delete("/delegations/{delegation_id}", response=DelegationOut, summary="End a delegation")
def delete_delegation(request: HttpRequest, delegation_id: UUID) -> Any:
    """Take it back at once."""
    access_of(request.user).require("approval", "decide")
    if not delegations(by=request.user).filter(pk=delegation_id).exists():
        raise NotFound()
    return end_delegation(delegation_id=delegation_id, by=request.user, at=now())
