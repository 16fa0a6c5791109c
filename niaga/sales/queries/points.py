"""What invoices and credit notes of orders mean for points: what earns, what is credited, what is undone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Sum, When

from niaga.pricing.queries.earn_rule import EarningLine
from niaga.sales.models import OrderLineInvoice, SalesOrderLine

_INVOICE = "invoice_line__invoice__"
_CREDIT = "invoice_line__credit_lines__"
_SIGN = Case(When(**{_CREDIT + "invoice__kind": "debit_note"}, then=-1), default=1)


@dataclass(slots=True)
class IssuedDocument:
    """An issued invoice that bills orders, with the lines that may earn points."""

    id: UUID
    company_id: UUID
    customer_id: UUID
    number: str
    currency: str
    date: date
    lines: list[EarningLine] = field(default_factory=list)


def earning_invoices(*, invoice_ids: Sequence[UUID]) -> list[IssuedDocument]:
    """Of these the issued invoices of orders, in key order; down payments and credit notes are none. One statement."""
    rows = (
        OrderLineInvoice.objects.filter(
            invoice_line__invoice_id__in=invoice_ids, invoice_line__invoice__status="issued",
            invoice_line__invoice__kind="invoice", invoice_line__kind="item", quantity__gt=0,
        )
        .order_by("invoice_line__invoice_id", "invoice_line__position")
        .values_list(
            *(_INVOICE + name for name in ("id", "company_id", "customer_id", "number", "currency", "date")),
            "invoice_line_id", "invoice_line__product_id", "invoice_line__net", "invoice_line__tax",
            "invoice_line__luxury_tax", "order_line__promotion_discount",
        )
    )  # fmt: skip
    found: dict[UUID, IssuedDocument] = {}
    for *head, key, product_id, net, tax, luxury, promoted in rows:
        document = found.setdefault(head[0], IssuedDocument(*head))
        if product_id is not None:
            document.lines.append(EarningLine(key, product_id, net, tax + luxury, is_promoted=promoted > 0))
    return list(found.values())


@dataclass(slots=True)
class Credited:
    """An invoice of orders that a credit note corrects: what is credited of it in all, by line as net and tax."""

    invoice_id: UUID
    customer_id: UUID
    number: str
    """Of the credit note."""
    lines: dict[UUID, tuple[Decimal, Decimal]] = field(default_factory=dict)


def credited_by(*, note_id: UUID) -> list[Credited]:
    """The invoices that an issued credit note corrects, with all that is credited of them by now, less what debit notes
    claimed again. Two statements."""
    own = OrderLineInvoice.objects.filter(
        invoice_line__credit_lines__invoice_id=note_id, invoice_line__credit_lines__invoice__status="issued"
    )
    heads = list(
        own.order_by(_INVOICE + "id")
        .values_list(_INVOICE + "id", _INVOICE + "customer_id", _CREDIT + "invoice__number")
        .distinct()
    )
    if not heads:
        return []
    sums = (
        OrderLineInvoice.objects.filter(
            invoice_line__invoice_id__in=[head[0] for head in heads], quantity__gt=0,
            invoice_line__credit_lines__invoice__status="issued",
        )
        .order_by()
        .values_list(_INVOICE + "id", "invoice_line_id")
        .annotate(
            net=Sum(F(_CREDIT + "net") * _SIGN), tax=Sum((F(_CREDIT + "tax") + F(_CREDIT + "luxury_tax")) * _SIGN)
        )
    )  # fmt: skip
    found = {head[0]: Credited(*head) for head in heads}
    for invoice_id, line_id, net, tax in sums:
        found[invoice_id].lines[line_id] = (net, tax)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class PointsOrder:
    """An order that uses points."""

    id: UUID
    customer_id: UUID
    points_amount: Decimal
    zone: str


def orders_with_points(*, note_id: UUID) -> list[PointsOrder]:
    """The orders whose invoices a credit note corrects and that use points, in key order. One statement."""
    rows = OrderLineInvoice.objects.filter(
        invoice_line__credit_lines__invoice_id=note_id, order_line__order__points_used__gt=0
    ).order_by("order_line__order_id")
    named = ("id", "customer_id", "points_amount", "branch__zone")
    return [PointsOrder(*row) for row in rows.values_list(*("order_line__order__" + name for name in named)).distinct()]


def points_returned(*, order_id: UUID, lines: Sequence[SalesOrderLine] | None = None) -> Decimal:
    """Of what points took off an order the part that is cancelled, or credited and not to be billed again.

    `lines` as they will be; without them as they are stored. One statement, or two.
    """
    again = OrderLineInvoice.objects.filter(invoice_line_id=OuterRef(_CREDIT + "id"))
    credited = dict(
        OrderLineInvoice.objects.filter(
            order_line__order_id=order_id, quantity__gt=0, invoice_line__credit_lines__invoice__status="issued"
        )
        .exclude(Exists(again))
        .order_by()
        .values_list("order_line_id")
        .annotate(quantity=Sum(_CREDIT + "quantity"))
    )  # fmt: skip
    if lines is None:
        lines = list(SalesOrderLine.objects.filter(order_id=order_id, points_discount__gt=0))
    returned = Decimal(0)
    for line in lines:
        if line.points_discount and line.quantity:
            undone = min(line.quantity, line.cancelled + credited.get(line.id, Decimal(0)))
            returned += line.points_discount * undone / line.quantity
    return returned
