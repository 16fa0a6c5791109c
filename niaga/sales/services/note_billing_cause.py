from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from niaga.sales.models import BillingCause, BillingRule


def note_billing_cause(
    *,
    key: str,
    rule: BillingRule,
    orders: Sequence[Any],
    source_number: str,
    delivery_id: UUID | None = None,
    until: date | None = None,
    at: datetime,
) -> UUID:
    """Keep what an invoice is to follow from, once for each key. Returns its id, also of one that was there."""
    first = orders[0]
    BillingCause.objects.bulk_create(
        [
            BillingCause(
                company_id=first.company_id, key=key, kind=rule.way, customer_id=first.customer_id,
                branch_id=first.branch_id, salesperson_id=first.salesperson_id,
                order_ids=[str(order.pk) for order in orders], source_number=source_number, delivery_id=delivery_id,
                until=until, issues=rule.issues, created_at=at,
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    found: UUID = BillingCause.objects.values_list("pk", flat=True).get(company_id=first.company_id, key=key)
    return found
