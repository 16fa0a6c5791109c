"""The rules of a company, and what they may choose from."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from niaga.approvals.models import ApprovalRule
from niaga.approvals.registry import rule_choices
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.working_people import named_places


def rules_for(*, by: Actor, archived: bool = False) -> QuerySet[ApprovalRule]:
    """The rules of the current company in their order.

    :raises Forbidden: the person may not see approvals
    """
    access = access_of(by)
    access.require("approval", "view")
    rows = ApprovalRule.objects.filter(company_id=access.current_company.id).select_related("team", "territory")
    return (rows if archived else rows.filter(archived_at=None)).order_by("position", "id")


def rule_for(*, rule_id: UUID, by: Actor) -> ApprovalRule:
    """:raises NotFound: no such rule in the current company"""
    found = rules_for(by=by, archived=True).filter(pk=rule_id).first()
    if found is None:
        raise NotFound()
    return found


def names_of(company_id: UUID, *, fields: Collection[str]) -> dict[str, dict[str, str]]:
    """What the chosen figures can be, by key: team, territory, channel, and what upper apps add."""
    found: dict[str, dict[str, str]] = {}
    if {"team", "territory", "channel"} & set(fields):
        found.update(named_places(company_id))
    for name, source in rule_choices:
        if name in fields:
            found[name] = dict(source(company_id))
    return found


def all_names(company_id: UUID) -> dict[str, dict[str, str]]:
    return names_of(company_id, fields={"team", "territory", "channel", *(name for name, _source in rule_choices)})


def flat(names: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Names by key alone: keys are unique all over."""
    return {key: name for group in names.values() for key, name in group.items()}
