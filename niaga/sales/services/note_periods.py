import hashlib
from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.clock import today as day_at
from niaga.sales.models import BillingRule, SalesOrder
from niaga.sales.models.billing import BillingWay
from niaga.sales.queries.billing import unbilled
from niaga.sales.rules.billing_period import last_end
from niaga.sales.services.invoice_orders import same_on_all
from niaga.sales.services.note_billing_cause import note_billing_cause


@transaction.atomic
def note_periods(*, at: datetime) -> list[UUID]:
    """A cause for each group of orders on one invoice that have something delivered and unbilled in the period that is
    over by their branch's day. Those that wait from before are among them, so that a lost day loses nothing."""
    rules = {(rule.company_id, rule.customer_id): rule for rule in BillingRule.objects.all()}
    companies = {company for (company, _customer), rule in rules.items() if rule.way == BillingWay.PERIOD}
    groups: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    orders = SalesOrder.objects.filter(company_id__in=companies, status__in=("confirmed", "closed"))
    for order in orders.exclude(invoice_progress="done").select_related("branch").order_by("id"):
        rule = rules.get((order.company_id, order.customer_id)) or rules.get((order.company_id, None))
        if rule is None or rule.way != BillingWay.PERIOD:
            continue
        end = last_end(rule.period, day_at(at=at, zone=order.branch.zone))
        if order.confirmed_date is not None and order.confirmed_date <= end:
            groups[(rule.pk, end, repr((same_on_all(order), order.tax_treatment)))].append(order)
    noted = []
    by_id = {rule.pk: rule for rule in rules.values()}
    for (rule_id, end, alike), group in groups.items():
        left = unbilled(order_ids=[order.pk for order in group], until=end)
        if not left:
            continue
        same = hashlib.sha256(alike.encode()).hexdigest()[:16]
        noted.append(
            note_billing_cause(
                key=f"period:{group[0].customer_id}:{end}:{same}", rule=by_id[rule_id], orders=group,
                source_number=end.isoformat(), until=end, at=at,
            )
        )  # fmt: skip
    return noted
