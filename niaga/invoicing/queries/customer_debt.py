"""What customers owe on invoices, and what credit they have left."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Q, Sum

from niaga.core.queries.together import Question
from niaga.invoicing.models import InvoiceBalance
from niaga.organization.access import Actor, access_of

_NOUGHT = Decimal(0)


class CustomerDebt(NamedTuple):
    """Sums of one customer in one currency."""

    customer_id: UUID
    currency: str
    open: Decimal
    overdue: Decimal
    credit: Decimal


def customer_debt(*, customer_ids: Collection[UUID], by: Actor, today: date) -> Question[list[CustomerDebt]]:
    """Asks for open, overdue, and credit notes that are not used up, of what the person may see."""
    seen = access_of(by).filter("invoice", branch="invoice__branch_id", salesperson="invoice__salesperson_id")
    left = F("total") - F("allocated")
    claim = ~Q(kind="credit_note")
    rows = (
        InvoiceBalance.objects.filter(seen, customer_id__in=list(customer_ids), allocated__lt=F("total"))
        .values("customer_id", "currency")
        .annotate(
            open=Sum(left, filter=claim), overdue=Sum(left, filter=claim & Q(due_date__lt=today)),
            credit=Sum(left, filter=Q(kind="credit_note")),
        )
        .order_by("customer_id", "currency")
    )  # fmt: skip
    return Question(
        rows,
        lambda found: [
            CustomerDebt(
                row["customer_id"], row["currency"], *(row[one] or _NOUGHT for one in CustomerDebt._fields[2:])
            )
            for row in found
        ],
    )
