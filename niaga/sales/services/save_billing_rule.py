from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.sales.models import BillingRule
from niaga.sales.models.billing import BillingPeriod, BillingWay
from niaga.sales.queries.billing import rule_subject


@transaction.atomic
def save_billing_rule(
    *,
    company_id: UUID,
    customer_id: UUID | None,
    way: str,
    period: str = "",
    issues: bool = False,
    by: Actor,
    at: datetime,
) -> None:
    """Say when a customer is billed by itself (without one: all who have no rule of their own). An empty `way` takes
    the rule away. What was confirmed or delivered before is not billed by it, but by a period's end.

    :raises NotFound: no such customer for this person
    :raises Forbidden: the person may not issue invoices, as a rule may do by itself
    :raises Invalid: no such way, or a period is missing
    """
    rule_subject(by=by, company_id=company_id, customer_id=customer_id)
    if way and way not in BillingWay.values:
        raise Invalid(_("Choose when the customer is billed."), field="way")
    if way == BillingWay.PERIOD and period not in BillingPeriod.values:
        raise Invalid(_("Choose the period."), field="period")
    values = {"way": way, "period": period if way == BillingWay.PERIOD else "", "issues": issues, "updated_at": at}
    whose = Q(customer=None) if customer_id is None else Q(customer_id=customer_id)
    held = BillingRule.objects.select_for_update().filter(whose, company_id=company_id).first()
    batch = Batch()
    if held is not None and not way:
        batch.sql("gone", "DELETE FROM sales_billingrule WHERE id = %s::uuid RETURNING 1", [held.pk])
    elif held is not None:
        batch.update(BillingRule, where={"id": held.pk}, values=values)
    elif way:
        batch.insert(BillingRule, [{"id": new_id(), "company_id": company_id, "customer_id": customer_id, **values}])
    record(
        batch=batch, subject_kind="billing_rule", subject_id=customer_id or company_id, verb="save", by=by.id, at=at,
        company_id=company_id, data={"way": way, "period": values["period"], "issues": issues},
    )  # fmt: skip
    batch.write()
