from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from niaga.catalog.queries.catalog_lists import category_tree
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.groups import group_belongs
from niaga.returns.models import Condition, ReturnReason, ReturnRule

MOST_DAYS = 3650


@transaction.atomic
def save_rule(
    *,
    company_id: UUID,
    name: str,
    group_id: UUID | None = None,
    category_id: UUID | None = None,
    reason_id: UUID | None = None,
    days: int | None = None,
    conditions: Sequence[str] = (),
    refused: bool = False,
    rule_id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> UUID:
    """Add a rule of the return policy, or change it. Returns that were asked for keep what was said to them.

    :raises NotFound: no such rule, group, category or reason in the company
    :raises Forbidden: the person may not change settings
    :raises Invalid: no name, days that cannot be, or a rule for the same goods is there
    """
    access_of(by).require("setting", "change", company_id=company_id)
    findings = Findings()
    values = check_values(ReturnRule, {"name": name}, findings=findings)
    findings.raise_if_any()
    if days is not None and not 0 <= days <= MOST_DAYS:
        raise Invalid(_("Days are from 0 to 3,650."), field="days")
    if set(conditions) - set(Condition.values):
        raise Invalid(field="conditions")
    if group_id is not None and not group_belongs(company_id=company_id, group_id=group_id):
        raise NotFound(field="group_id")
    if category_id is not None and category_id not in {one.id for one in category_tree(company_id)}:
        raise NotFound(field="category_id")
    if reason_id is not None and not ReturnReason.objects.filter(pk=reason_id, company_id=company_id).exists():
        raise NotFound(field="reason_id")
    values |= {
        "group_id": group_id, "category_id": category_id, "reason_id": reason_id, "days": days,
        "conditions": [one for one in Condition.values if one in conditions], "refused": refused,
    }  # fmt: skip
    batch = Batch()
    if rule_id is None:
        rule_id = new_id()
        batch.insert(ReturnRule, [{"id": rule_id, "company_id": company_id, "created_at": at, **values}])
    else:
        batch.update(ReturnRule, where={"id": rule_id, "company_id": company_id}, values=values, refusal=NotFound)
    record(
        batch=batch, subject_kind="return_rule", subject_id=rule_id, verb="save", by=by.id, at=at,
        company_id=company_id, data={key: str(value) for key, value in values.items()},
    )  # fmt: skip
    try:
        with transaction.atomic():
            batch.write()
    except IntegrityError as error:
        raise Invalid(_("There is a rule for the same group, category and reason. Change that one.")) from error
    return rule_id


@transaction.atomic
def remove_rule(*, rule_id: UUID, by: Actor, at: datetime) -> None:
    """Take a rule out of the policy. Returns that were asked for keep what was said to them.

    :raises NotFound: no such rule
    :raises Forbidden: the person may not change settings
    """
    rule = ReturnRule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise NotFound()
    access_of(by).require("setting", "change", company_id=rule.company_id)
    batch = Batch()
    record(
        batch=batch, subject_kind="return_rule", subject_id=rule.id, verb="remove", by=by.id, at=at,
        company_id=rule.company_id, data={"name": rule.name},
    )  # fmt: skip
    batch.write()
    rule.delete()
