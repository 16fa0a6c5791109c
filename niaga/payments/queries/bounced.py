"""Giros that banks returned, by customer."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from niaga.core.queries.together import Question
from niaga.organization.access import Actor
from niaga.payments.queries.payments import visible_payments


def bounced_giros(*, customer_ids: Collection[UUID], by: Actor) -> Question[Mapping[UUID, int]]:
    """How many giros of each customer a bank returned, of those that `by` may see; who has none is missing."""
    rows: QuerySet[Any, Any] = visible_payments(by=by).filter(
        customer_id__in=list(customer_ids), reversal__bounced=True
    )
    counted = rows.order_by().values("customer_id").annotate(count=Count("id")).order_by("customer_id")
    return Question(counted, lambda found: {row["customer_id"]: row["count"] for row in found})
