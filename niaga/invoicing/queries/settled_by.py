"""What a payment or credit note settles."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Sum

from niaga.invoicing.models import Allocation


class Settled(NamedTuple):
    """An invoice and how much of the source it took; what was taken back is taken off."""

    invoice_id: UUID
    number: str
    date: date
    amount: Decimal


def settled_by(*, source_id: UUID) -> list[Settled]:
    """By the invoices' numbers. The caller has checked access to the source."""
    rows = (
        Allocation.objects.filter(source_id=source_id)
        .values("invoice_id", number=F("invoice__number"), day=F("invoice__date"))
        .annotate(amount_sum=Sum("amount"))
        .order_by("number")
    )
    return [Settled(row["invoice_id"], row["number"], row["day"], row["amount_sum"]) for row in rows]
