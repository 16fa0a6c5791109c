"""What a payment or credit note settles."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Sum

from niaga.invoicing.models import Allocation
from niaga.invoicing.queries.allocations import TAKEN


class Settled(NamedTuple):
    """An invoice and how much it got; what was taken back is taken off. `taken` is of the source, in its currency."""

    invoice_id: UUID
    number: str
    date: date
    amount: Decimal
    currency: str
    taken: Decimal


def settled_by(*, source_id: UUID) -> list[Settled]:
    """By the invoices' numbers. The caller has checked access to the source."""
    rows = (
        Allocation.objects.filter(source_id=source_id)
        .values("invoice_id", number=F("invoice__number"), day=F("invoice__date"), code=F("invoice__currency"))
        .annotate(amount_sum=Sum("amount"), taken=Sum(TAKEN))
        .order_by("number")
    )
    return [
        Settled(row["invoice_id"], row["number"], row["day"], row["amount_sum"], row["code"], row["taken"])
        for row in rows
    ]
