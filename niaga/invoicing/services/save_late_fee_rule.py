from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from niaga.catalog.queries.catalog_lists import tax_categories_for
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.money import round_amount
from niaga.invoicing.errors import BadLateFeeRule, LateFeeRuleTaken
from niaga.invoicing.models import LateFeeRule
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.parties.queries.customers import customer_for
from niaga.parties.queries.groups import group_belongs

MOST_PERCENT, MOST_CAP, MOST_GRACE = Decimal(20), Decimal(100), 180
MOST_AMOUNT = Decimal(10) ** 9


@dataclass(frozen=True, slots=True)
class RuleInput:
    """A rule as it is wanted; see `LateFeeRule`. Neither group nor customer: all others of the company."""

    starts_on: date
    group_id: UUID | None = None
    customer_id: UUID | None = None
    is_active: bool = True
    percent: Decimal = Decimal(0)
    fixed: Decimal = Decimal(0)
    grace_days: int = 0
    cap_percent: Decimal | None = None
    minimum: Decimal = Decimal(0)
    with_older: bool = False
    promise_stops: bool = True
    issues: bool = False
    tax_category_id: UUID | None = None


@transaction.atomic
def save_late_fee_rule(
    *, company_id: UUID, rule: RuleInput, by: Actor, at: datetime, rule_id: UUID | None = None
) -> UUID:
    """Say what paying late costs a customer, a group, or all others. What was charged before stays. Returns its id.

    :raises Forbidden: `by` may not decide on customers' credit
    :raises NotFound: no such rule, group, customer or tax category
    :raises LateFeeRuleTaken: these customers have another rule
    :raises BadLateFeeRule: neither or both of percentage and fixed amount
    :raises Invalid: a figure is out of range
    """
    access_of(by).require("customer", "credit", company_id=company_id)
    _check(rule, company_basics(company_id).currency)
    if rule.group_id is not None and not group_belongs(company_id=company_id, group_id=rule.group_id):
        raise NotFound(field="group_id")
    if rule.customer_id is not None and customer_for(by, rule.customer_id).company_id != company_id:
        raise NotFound(field="customer_id")
    if rule.tax_category_id is not None and not tax_categories_for(by).filter(pk=rule.tax_category_id).exists():
        raise NotFound(field="tax_category_id")
    found = LateFeeRule(company_id=company_id)
    if rule_id is not None:
        held = LateFeeRule.objects.select_for_update().filter(pk=rule_id, company_id=company_id).first()
        if held is None:
            raise NotFound()
        found = held
    wanted = asdict(rule)
    before = {name: str(getattr(found, name)) for name in wanted} if rule_id else {}
    for name, value in wanted.items():
        setattr(found, name, value)
    found.updated_at = at
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as error:
        raise LateFeeRuleTaken(field="group_id") from error
    batch = Batch()
    record(
        batch=batch, subject_kind="late_fee_rule", subject_id=found.pk, verb="save", by=by.id, at=at,
        company_id=company_id, data={"rule": {name: str(value) for name, value in wanted.items()}, "before": before},
    )  # fmt: skip
    batch.write()
    return found.pk


def _check(rule: RuleInput, currency: str) -> None:
    if rule.group_id is not None and rule.customer_id is not None:
        raise Invalid(_("A rule is for a group or for a customer, not for both."), field="customer_id")
    if bool(rule.percent) == bool(rule.fixed) and (rule.is_active or rule.percent):
        raise BadLateFeeRule(field="percent")
    if not 0 <= rule.percent <= MOST_PERCENT:
        raise Invalid(_("A percentage a month is between 0 and 20."), field="percent")
    if not 0 <= rule.grace_days <= MOST_GRACE:
        raise Invalid(_("Days of grace are between 0 and 180."), field="grace_days")
    if rule.cap_percent is not None and not 0 < rule.cap_percent <= MOST_CAP:
        raise Invalid(_("The most of an invoice is between 0 and 100 percent."), field="cap_percent")
    for name in ("fixed", "minimum"):
        amount = getattr(rule, name)
        if not 0 <= amount <= MOST_AMOUNT or amount != round_amount(amount, currency):
            raise Invalid(_("Write an amount up to 1,000,000,000, in the currency's smallest unit."), field=name)
