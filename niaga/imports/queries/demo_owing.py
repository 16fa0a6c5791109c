from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from niaga.invoicing.queries.invoices import visible_invoices, with_balance
from niaga.organization.access import Actor


def demo_owing(*, company_id: UUID, by: Actor, today: date) -> UUID | None:
    """The customer with the most open invoices; None without any."""
    rows: QuerySet[Any] = with_balance(visible_invoices(by=by), today=today)
    rows = rows.filter(company_id=company_id, status="issued", open__gt=0).exclude(kind="credit_note")
    found: UUID | None = (
        rows.order_by().values("customer_id").annotate(count=Count("pk")).order_by("-count", "customer_id")
        .values_list("customer_id", flat=True).first()
    )  # fmt: skip
    return found
