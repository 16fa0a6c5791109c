"""What was charged of late days, what was let go of it, and what turned out not to be owed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Least

from niaga.core.errors import NotFound
from niaga.core.queries.together import Question
from niaga.invoicing.models import Allocation, Invoice, InvoiceLine, LateFee, LateFeeDays, LateFeeWaiver
from niaga.invoicing.queries.late_fees import LateInvoice, late_invoices
from niaga.invoicing.rules.late_fee import cost_of, segments_of
from niaga.organization.access import Actor, access_of

_MONEY = DecimalField(max_digits=19, decimal_places=4)


def _sum(rows: QuerySet[Any, Any], key: str, name: str) -> Coalesce:
    total = rows.order_by().values(key).annotate(total=Sum(name)).values("total")
    return Coalesce(Subquery(total), Value(Decimal(0)), output_field=_MONEY)


def _left() -> Least:
    """What is still charged, without tax: not waived, and not credited by hand either."""
    waived = LateFeeWaiver.objects.filter(days_id=OuterRef("pk"))
    notes = InvoiceLine.objects.filter(
        credits_line_id=OuterRef("line_id"), invoice__kind="credit_note", invoice__status__in=("draft", "issued")
    )
    line = Subquery(InvoiceLine.objects.filter(pk=OuterRef("line_id")).values("net")[:1], output_field=_MONEY)
    return Least(F("amount") - _sum(waived, "days_id", "amount"), line - _sum(notes, "credits_line_id", "net"))


def still_charged(days_id: UUID) -> Decimal:
    """What of charged days was neither waived nor credited, without tax; the caller holds the fee invoice's lock."""
    found: Decimal = LateFeeDays.objects.filter(pk=days_id).values_list(_left(), flat=True).get()
    return found


def late_fees(*, by: Actor) -> QuerySet[Any]:
    """Fee invoices that the person may see, discarded ones too, each with `charged` and `waived`, without tax."""
    seen = access_of(by).filter(
        "invoice", company="company_id", branch="invoice__branch_id", salesperson="invoice__salesperson_id"
    )
    charged = LateFeeDays.objects.filter(fee_id=OuterRef("pk"))
    waived = LateFeeWaiver.objects.filter(days__fee_id=OuterRef("pk"))
    return (
        LateFee.objects.filter(seen, released_at=None)
        .select_related("customer", "invoice")
        .annotate(charged=_sum(charged, "fee_id", "amount"), waived=_sum(waived, "days__fee_id", "amount"))
    )


def see_charge(*, days_id: UUID, by: Actor) -> LateFeeDays:
    """Charged days, with the fee invoice.

    :raises NotFound: none, or none of an invoice that the person may see
    """
    seen = access_of(by).filter(
        "invoice", company="invoice__company_id", branch="invoice__branch_id", salesperson="invoice__salesperson_id"
    )
    found = LateFeeDays.objects.filter(seen, pk=days_id, released_at=None).select_related("fee__invoice").first()
    if found is None:
        raise NotFound()
    return found


def charges(*, by: Actor) -> QuerySet[Any]:
    """Charged days of invoices that the person may see, each with `waived` and the fee invoice's id."""
    seen = access_of(by).filter(
        "invoice", company="invoice__company_id", branch="invoice__branch_id", salesperson="invoice__salesperson_id"
    )
    waived = LateFeeWaiver.objects.filter(days_id=OuterRef("pk"))
    return LateFeeDays.objects.filter(seen, released_at=None).annotate(
        waived=_sum(waived, "days_id", "amount"), left=_left(), fee_invoice_id=F("fee__invoice_id")
    )


def charges_around(invoice_id: UUID) -> Question[list[Mapping[str, Any]]]:
    """Asks what was charged of an invoice, or by a fee invoice; for who may see it."""
    waived = LateFeeWaiver.objects.filter(days_id=OuterRef("pk"))
    rows = LateFeeDays.objects.filter(Q(invoice_id=invoice_id) | Q(fee__invoice_id=invoice_id), released_at=None)
    return Question(
        rows.order_by("invoice__number", "first")
        .annotate(waived=_sum(waived, "days_id", "amount"), left=_left())
        .values(
            "id", "invoice_id", "invoice__number", "first", "last", "currency", "percent", "amount", "waived", "left",
            "segments", "fee__invoice_id", "fee__invoice__number", "fee__invoice__status",
        ),
        list,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class NotOwed:
    """Charged days that cost less by what is known now: `excess`, without tax, is to be credited."""

    days: LateFeeDays
    excess: Decimal


def not_owed(*, by: Actor, today: date) -> list[NotOwed]:
    """Issued fees of days that turned out not to be owed, or not so much: a payment was dated back, or what was late
    was credited. Two statements, whatever was charged; nothing is changed by asking."""
    access = access_of(by)
    company_id = access.current_company.id
    after = Allocation.objects.filter(invoice_id=OuterRef("invoice_id"), at__gte=OuterRef("at"))
    notes = Invoice.objects.filter(
        credits_id=OuterRef("invoice_id"), kind="credit_note", status="issued", issued_at__gte=OuterRef("at")
    )
    rows = (
        charges(by=by)
        .filter(
            Exists(after.filter(date__lte=OuterRef("last"))) | Exists(notes), company_id=company_id,
            fee__invoice__status="issued",
        )
        .select_related("fee__invoice", "invoice__customer", "due")
        .order_by("-at", "id")[:500]
    )  # fmt: skip
    listed = list(rows)
    late = {
        one.invoice_id: one
        for one in late_invoices(company_id=company_id, today=today, invoice_ids={row.invoice_id for row in listed})
    } if listed else {}  # fmt: skip
    found = []
    for row in listed:
        owed = _owed_now(row, late.get(row.invoice_id))
        if (excess := row.left - owed) > 0:
            found.append(NotOwed(row, excess))
    return found


def _owed_now(row: Any, late: LateInvoice | None) -> Decimal:
    """What the days cost by their own rate, as the invoice is known now; all of it where nobody can tell any more."""
    if late is None:
        return Decimal(row.amount)
    claim = late.claim
    place = next((place for place, part in enumerate(claim.parts) if part.key == row.due_id), None)
    if place is None:
        return Decimal(row.amount)
    segments = segments_of(claim, place, first=row.first, last=row.last, promises=late.terms.promise_stops)
    return min(cost_of(segments, row.percent, row.fixed, row.currency), Decimal(row.amount))
