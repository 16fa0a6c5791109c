"""What a verb needs to know before it binds somebody: the rules that count, and the yeses that were given.

Both ride along on the statement that reads the document, so a company without rules pays nothing:

    rows.annotate(**gate_of("quotation_id"))
    check_gate(row, facts=…, today=…)
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, Q
from django.db.models.functions import Cast, JSONObject

from niaga.approvals.models import ApprovalRequest, ApprovalRule, RequestStatus
from niaga.approvals.rules.gate import Approval, Rule, missing, read_approvals, read_rules

_RULE = {
    "id": "id", "name": "name", "revision": "revision", "condition": "condition", "steps": "steps",
    "currency": F("company__currency"), "team": "team_id", "territory": "territory_id",
    "least": Cast("least", CharField()), "most": Cast("most", CharField()), "first_day": "first_day",
    "last_day": "last_day",
}  # fmt: skip


def gate_of(*further: str) -> dict[str, Any]:
    """Annotations for a queryset of documents with `company_id`: `approval_rules`, `approval_given` and
    `approval_asked`, the last request. `further` are columns with keys of documents whose yes counts too."""
    rules = ApprovalRule.objects.filter(company_id=OuterRef("company_id"), archived_at=None).order_by("position", "id")
    about = Q(subject_id=OuterRef("pk"))
    for name in further:
        about |= Q(subject_id=OuterRef(name))
    given = ApprovalRequest.objects.filter(about, status=RequestStatus.APPROVED).order_by("-asked_at")
    asked = ApprovalRequest.objects.filter(subject_id=OuterRef("pk")).order_by("-asked_at", "-id")
    told = JSONObject(
        id="id", status="status", facts="facts", rules="rules", waits_for="waits_for", asked_at="asked_at",
        asked_by="asked_by__name", settled_at="settled_at",
    )  # fmt: skip
    return {
        "approval_rules": ArraySubquery(rules.values(fact=JSONObject(**_RULE))),
        "approval_given": ArraySubquery(given.values(fact=JSONObject(rules="rules", facts="facts"))),
        "approval_asked": ArraySubquery(asked.values(fact=told)[:1]),
    }


def rules_naming(figure: str, *, company_id: UUID) -> list[Rule]:
    """The rules of a company that look at a figure: for verbs that only ask those."""
    rows = ApprovalRule.objects.filter(company_id=company_id, archived_at=None).order_by("position", "id")
    found = read_rules(rows.annotate(fact=JSONObject(**_RULE)).values_list("fact", flat=True))
    return [rule for rule in found if any(test.field == figure for test in rule.condition.tests())]


def has_rules(row: Any) -> bool:
    """Whether the company of an annotated document has rules at all; without any, nothing needs to be counted."""
    return bool(row.approval_rules)


def asked_of(row: Any) -> Mapping[str, Any] | None:
    """The last request about an annotated document."""
    return row.approval_asked[0] if row.approval_asked else None


def missing_for(row: Any, *, facts: Mapping[str, Any], today: date) -> list[Rule]:
    """The rules that hold for an annotated document with these figures, and that nobody said yes to."""
    return missing(rules_of(row), given_of(row), facts, today=today)


def rules_of(row: Any) -> list[Rule]:
    return read_rules(row.approval_rules)


def given_of(row: Any) -> list[Approval]:
    return read_approvals(row.approval_given)
