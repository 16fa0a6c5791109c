"""Rules about late fees, and which companies have one that is on."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, QuerySet

from niaga.core.errors import NotFound
from niaga.invoicing.models import LateFeeRule
from niaga.organization.access import Actor, access_of


class Everybody(NamedTuple):
    """All late payers of a company, as what a right must reach: one that is narrower than all does not."""

    company_id: UUID
    branch_id: UUID | None = None
    salesperson_id: UUID | None = None


def companies_that_charge() -> Sequence[UUID]:
    rows = LateFeeRule.objects.filter(is_active=True).order_by("company_id")
    return list(rows.values_list("company_id", flat=True).distinct())


def late_fee_rules(*, by: Actor) -> QuerySet[LateFeeRule]:
    """Rules of the current company, the one for all others first.

    :raises Forbidden: the person may not decide on customers' credit
    """
    access = access_of(by)
    access.require("customer", "credit")
    rows = LateFeeRule.objects.filter(company_id=access.current_company.id)
    rows = rows.select_related("group", "customer", "tax_category", "company")
    return rows.order_by(F("group__name").asc(nulls_first=True), F("customer__name").asc(nulls_first=True), "id")


def late_fee_rule(*, rule_id: UUID, by: Actor) -> Any:
    """:raises NotFound: no such rule
    :raises Forbidden: not for this person
    """
    found = late_fee_rules(by=by).filter(pk=rule_id).first()
    if found is None:
        raise NotFound()
    return found
