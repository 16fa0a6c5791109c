"""Stamp duty (bea meterai) of invoices.

An invoice is a claim and bears none, unless it acknowledges that a part of the debt is settled or reckoned already
(UU 10/2020, article 3 (2) g 2): one that takes a down payment off states that sum.
"""

from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from niaga.documents.queries.stamps import with_stamp
from niaga.invoicing.models import Invoice, InvoiceLine

_MONEY = DecimalField(max_digits=19, decimal_places=4)


def taken_off() -> Coalesce:
    """What down payments take off an invoice, with tax, in its currency: an expression over invoices."""
    lines = InvoiceLine.objects.filter(invoice_id=OuterRef("pk"), credits_line__isnull=False).order_by()
    sums = lines.values("invoice_id").annotate(sum=Sum(-F("net") - F("tax") - F("luxury_tax"))).values("sum")
    return Coalesce(Subquery(sums), Value(Decimal(0)), output_field=_MONEY)


def stamped(rows: QuerySet[Invoice]) -> QuerySet[Any]:
    return with_stamp(
        rows, stated=taken_off() * Coalesce(F("exchange_rate"), Value(Decimal(1))),
        binding=Q(status="issued", kind="invoice", advance_net__gt=0),
    )  # fmt: skip
