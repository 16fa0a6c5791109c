from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from typing import Any
from uuid import UUID

from niaga.core.ids import new_id
from niaga.core.money import round_amount
from niaga.pricing.rules.loyalty import points_of_part
from niaga.pricing.rules.treatment import merged
from niaga.sales.models import SalesOrder
from niaga.sales.rules.billing import FrozenLine, Part, bill_part

SUMS = ("net", "other_tax_base", "tax", "luxury_tax", "rounding")
_COPIED = (
    "kind", "description", "product_id", "unit_id", "tax_category_id", "factor", "list_price", "unit_price",
    "discount_percent", "tax_code", "tax_rate", "base_numerator", "base_denominator", "luxury_rate", "unit_cost",
    "parts",
)  # fmt: skip
_copied = attrgetter(*_COPIED)


@dataclass(slots=True)
class Bill:
    """Lines of an invoice in the making, their figures, and how they come from order lines."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)
    points_used: int = 0
    """The loyalty points that stand for what points take off these lines."""

    def sums(self) -> dict[str, Decimal]:
        return {name: sum((getattr(part, name) for part in self.parts), Decimal(0)) for name in SUMS}


def owed(sums: Mapping[str, Decimal]) -> Decimal:
    """What a bill of these `SUMS` comes to."""
    return sums["net"] + sums["tax"] + sums["luxury_tax"] + sums["rounding"]


def bill_lines(*, order: SalesOrder, lines: Iterable[Any], take: Mapping[UUID, Decimal]) -> Bill:
    """The invoice lines of what is taken of an order's lines (rows with their columns); the figures are the order's."""
    bill, before = Bill(), Decimal(0)
    for line in lines:
        if line.points_discount:
            before += round_amount(line.points_discount * line.invoiced / line.quantity, order.currency)
        quantity = take.get(line.id)
        if quantity is None:
            continue
        frozen = FrozenLine(
            line.quantity, line.amount, line.discount_amount, line.document_discount, line.tax_rate,
            line.base_numerator, line.base_denominator, line.net, line.other_tax_base, line.tax,
            line.luxury_rate, line.luxury_tax, order.tax_rounding == "document",
            line.points_discount,
        )  # fmt: skip
        part = bill_part(
            frozen, already=line.invoiced, quantity=quantity, currency=order.currency,
            prices_include_tax=order.prices_include_tax,
        )  # fmt: skip
        invoice_line_id = new_id()
        bill.rows.append(
            {
                **dict(zip(_COPIED, _copied(line), strict=True)), "id": invoice_line_id, "position": line.position,
                "quantity": quantity, "discount_amount": part.discount_amount, "amount": part.amount,
                "document_discount": part.document_discount, "net": part.net, "other_tax_base": part.other_tax_base,
                "tax": part.tax, "luxury_tax": part.luxury_tax, "points_discount": part.points_discount,
                "credits_line_id": None,
            }
        )  # fmt: skip
        bill.parts.append(part)
        bill.links.append(
            {"id": new_id(), "order_line_id": line.id, "invoice_line_id": invoice_line_id, "quantity": quantity}
        )
    bill.points_used = points_of_part(
        used=order.points_used, amount=order.points_amount, before=before,
        part=sum((part.points_discount for part in bill.parts), Decimal(0)),
    )  # fmt: skip
    return bill


def bill_totals(orders: Sequence[SalesOrder], bill: Bill, *, rounding: Decimal | None = None) -> dict[str, Any]:
    """The header of an invoice of `bill`; `rounding` instead of the lines' own when an order is billed whole."""
    first = orders[0]
    sums, nought = bill.sums(), Decimal(0)
    points = sum((part.points_discount for part in bill.parts), nought)
    if rounding is not None:
        sums["rounding"] = rounding
    return {
        "currency": first.currency, "prices_include_tax": first.prices_include_tax,
        "subtotal": sum((row["amount"] for row in bill.rows), nought),
        "discount_percent": first.discount_percent if len(orders) == 1 else nought,
        "discount_amount": sum((part.document_discount for part in bill.parts), nought) - points,
        "points_used": bill.points_used, "points_amount": points, **sums,
        "total": owed(sums), "tax_rounding": first.tax_rounding,
        "tax_treatment": merged([order.tax_treatment for order in orders]),
    }  # fmt: skip
