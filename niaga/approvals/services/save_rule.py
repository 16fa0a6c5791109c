from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.approvals.errors import BadRule
from niaga.approvals.models import ApprovalRule
from niaga.approvals.queries.rules import all_names
from niaga.approvals.rules.chain import MOST_APPROVERS, MOST_STEPS, BadStep, Seat, Step, read_steps
from niaga.approvals.rules.condition import FIELDS, MOST_TESTS, BadCondition, Group, Kind, read_condition
from niaga.core.batch import Batch
from niaga.core.errors import NotFound, StaleVersion
from niaga.core.inputs import Findings, check_values
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.users import user_names
from niaga.organization.queries.working_people import WorkingPerson, working_people
from niaga.organization.services.tracked import add_row, change_row, write

_CONDITION: Mapping[str, Any] = {
    "not_a_condition": _("A condition joins its comparisons by “all” or “any”."),
    "empty": _("Give at least one comparison: without one the rule would hold for everything."),
    "too_deep": _("A group cannot hold further groups."),
    "too_many": _("At most %(most)d comparisons.") % {"most": MOST_TESTS},
    "no_such_figure": _("Choose what is compared. Formulas are not read."),
    "no_such_comparison": _("Choose how it is compared."),
    "not_a_figure": _("Write a number. Formulas are not read."),
    "out_of_range": _("This figure cannot be."),
    "nothing_chosen": _("Choose at least one."),
    "gone": _("This is not your company's, or is gone."),
}
_STEPS: Mapping[str, Any] = {
    "no_steps": _("Say who decides."),
    "too_many_steps": _("At most %(most)d steps.") % {"most": MOST_STEPS},
    "too_many_approvers": _("At most %(most)d approvers in a step.") % {"most": MOST_APPROVERS},
    "not_a_step": _("Say whether one of them is enough or all must agree."),
    "nobody": _("Choose who decides."),
    "no_such_time": _("Give hours, from 1 to 1,440 (60 days)."),
    "no_time_given": _("Say after how many hours it goes on."),
    "nowhere_to_go": _("There is no step after this one: choose to whom it goes when the time is over."),
    "left": _("%(name)s has left. Choose somebody who works here."),
    "may_not": _("The role of %(name)s may not approve. Give it that right first, or choose somebody else."),
}


@dataclass(frozen=True, slots=True)
class RuleDetails:
    """A rule as a person sets it; `condition` and `steps` as plain JSON."""

    name: str
    condition: Mapping[str, Any]
    steps: list[Any]
    position: int = 1
    team_id: UUID | None = None
    territory_id: UUID | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    first_day: date | None = None
    last_day: date | None = None
    active: bool = field(default=True)


@transaction.atomic
def save_rule(
    *, company_id: UUID, details: RuleDetails, rule_id: UUID | None = None, version: int | None = None, by: Actor,
    at: datetime,
) -> ApprovalRule:  # fmt: skip
    """Set when an approval is needed and who gives it; without `rule_id` a new rule.

    A change of what it asks for makes a new revision: yeses to the earlier one stay for what was sent or confirmed
    with them, and are asked anew for what is not.

    :raises Forbidden: the person may not set rules
    :raises NotFound: no such rule
    :raises StaleVersion: somebody saved since `version`
    :raises BadRule: a part that cannot be; `field` names it: `condition-2-value`, `steps-1-approvers`
    :raises AlreadyTaken: another rule has this name
    """
    access_of(by).require("approval", "manage", company_id=company_id)
    condition, steps = _condition(details.condition), _steps(details.steps)
    names = all_names(company_id)
    _check_choices(condition, names)
    _check_people(steps, working_people(company_id))
    _check_scope(details, names)
    findings = Findings()
    checked = check_values(
        ApprovalRule, {"name": details.name, "least": details.least, "most": details.most}, findings=findings
    )
    findings.raise_if_any(BadRule)
    says = {
        "condition": condition.as_json(), "steps": [step.as_json() for step in steps], "team_id": details.team_id,
        "territory_id": details.territory_id, "least": checked["least"], "most": checked["most"],
    }  # fmt: skip
    values = {
        **says, "name": checked["name"], "position": max(1, min(details.position, 9999)),
        "first_day": details.first_day, "last_day": details.last_day,
    }  # fmt: skip
    shared: dict[str, Any] = {"kind": "approval_rule", "by": by.id, "at": at, "company_id": company_id}
    batch = Batch()
    if rule_id is None:
        values |= {"company_id": company_id, "created_at": at, "updated_at": at}
        values["archived_at"] = None if details.active else at
        rule_id = add_row(batch=batch, model=ApprovalRule, values=values, **shared)
    else:
        rule = ApprovalRule.objects.select_for_update().filter(pk=rule_id, company_id=company_id).first()
        if rule is None:
            raise NotFound()
        if version is not None and version != rule.version:
            raise StaleVersion()
        values["archived_at"] = None if details.active else rule.archived_at or at
        if any(getattr(rule, name) != value for name, value in says.items()):
            values["revision"] = rule.revision + 1
        if any(getattr(rule, name) != value for name, value in values.items()):
            values |= {"version": rule.version + 1, "updated_at": at}
        change_row(batch=batch, row=rule, values=values, **shared)
    write(batch, unique={"one_approval_rule_name": "name"})
    return ApprovalRule.objects.get(pk=rule_id)


def _condition(given: Mapping[str, Any]) -> Group:
    try:
        return read_condition(given)
    except BadCondition as bad:
        raise _bad_test(bad.code, bad.place, bad.field) from bad


def _bad_test(code: str, place: int, part: str) -> BadRule:
    return BadRule(_CONDITION[code], field=f"condition-{place}-{part}" if part else "condition", line=place)


def _steps(given: list[Any]) -> tuple[Step, ...]:
    try:
        return read_steps(given)
    except BadStep as bad:
        raise BadRule(_STEPS[bad.code], field=f"steps-{bad.place}-{bad.field}") from bad


def _check_choices(condition: Group, names: Mapping[str, Mapping[str, str]]) -> None:
    for place, test in enumerate(condition.tests(), 1):
        if FIELDS[test.field].kind is Kind.CHOICE and not test.value <= set(names.get(test.field, ())):
            raise _bad_test("gone", place, "value")


def _check_people(steps: tuple[Step, ...], people: Mapping[UUID, WorkingPerson]) -> None:
    roles = {place.role: place.decides for person in people.values() for place in person.places}
    for place, step in enumerate(steps, 1):
        named = [(one.key, "approvers") for one in step.approvers if one.seat is Seat.USER]
        named += [(step.then, "then")] if step.then else []
        for key, part in named:
            person = people.get(UUID(key))
            if person is None:
                raise BadRule(_STEPS["left"] % {"name": _name_of(key)}, field=f"steps-{place}-{part}")
            if not person.decides:
                raise BadRule(_STEPS["may_not"] % {"name": person.name}, field=f"steps-{place}-{part}")
        for one in step.approvers:
            if one.seat is Seat.ROLE and roles.get(one.key) is False:
                raise BadRule(_STEPS["may_not"] % {"name": one.key}, field=f"steps-{place}-approvers")


def _name_of(key: str) -> str:
    return user_names([UUID(key)]).get(UUID(key), key[:8])


def _check_scope(details: RuleDetails, names: Mapping[str, Mapping[str, str]]) -> None:
    for field_name, chosen in (("team", details.team_id), ("territory", details.territory_id)):
        if chosen is not None and str(chosen) not in names[field_name]:
            raise BadRule(_CONDITION["gone"], field=field_name)
    for name, figure in (("least", details.least), ("most", details.most)):
        if figure is not None and not Decimal(0) <= figure < Decimal(10) ** 14:
            raise BadRule(_CONDITION["out_of_range"], field=name)
    if details.least is not None and details.most is not None and details.most <= details.least:
        raise BadRule(_("The band ends where it begins, or before."), field="most")
    if details.first_day and details.last_day and details.last_day < details.first_day:
        raise BadRule(_("The last day comes before the first."), field="last_day")
