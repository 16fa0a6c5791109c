from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, WrongState
from niaga.core.ids import new_id
from niaga.invoicing.rules.crediting import FIGURES, Figures, credit_part, credit_rounding
from niaga.organization.access import Actor, access_of
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.services.document_money import in_base

_COPIED = (
    "position", "kind", "description", "product_id", "unit_id", "tax_category_id", "factor", "list_price",
    "unit_price", "discount_percent", "tax_code", "tax_rate", "base_numerator", "base_denominator", "luxury_rate",
    "unit_cost", "parts", "steps", "needs_stock",
)  # fmt: skip
_HEAD = (
    "company_id", "branch_id", "warehouse_id", "customer_id", "contact_id", "salesperson_id", "channel_id",
    "payment_term_id", "delivery_address", "billing_address", "currency", "prices_include_tax", "tax_rounding",
    "tax_treatment", "exchange_rate",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PartOf:
    """A part of a bundle that is sent alone: `quantity` of its base `unit_id`."""

    product_id: UUID
    unit_id: UUID
    description: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class ExchangeItem:
    """So much of an order line once more, in its unit; with `part` that share of its figures, for the part alone."""

    order_line_id: UUID
    quantity: Decimal
    part: PartOf | None = None


@transaction.atomic
def draft_exchange(*, order_id: UUID, items: Sequence[ExchangeItem], reference: str, by: Actor, at: datetime) -> UUID:
    """Write a draft order of so much of an order's lines at the figures they were sold at, promotions and tax with
    them: the same goods once more, in place of some that came back. Nothing is priced anew, no coupon is used.

    The caller holds the order's lock. Returns the new order's id.

    :raises NotFound: no such order, or a line is not one of it
    :raises Forbidden: the person may not write orders
    :raises WrongState: points paid a part of a line, which come back by the credit note
    """
    order = SalesOrder.objects.select_related("branch", "company").filter(pk=order_id).first()
    if order is None:
        raise NotFound()
    access_of(by).require("order", "create", order)
    wanted = [item.order_line_id for item in items]
    lines = {line.id: line for line in SalesOrderLine.objects.filter(order_id=order.id, id__in=wanted)}
    if set(wanted) - set(lines):
        raise NotFound(field="lines")
    if any(line.points_discount for line in lines.values()):
        raise WrongState(_("Points paid a part of this; they come back with the credit. Write a new order instead."))
    rows: list[dict[str, Any]] = []
    parts: list[Figures] = []
    already: dict[UUID, Decimal] = {}
    for place, item in enumerate(items, 1):
        line, before = lines[item.order_line_id], already.get(item.order_line_id, Decimal(0))
        whole = Figures(*(getattr(line, name) for name in FIGURES))
        part = credit_part(whole, whole=line.quantity, already=before, quantity=item.quantity, currency=order.currency)
        already[line.id] = before + item.quantity
        parts.append(part)
        rows.append(
            {**{name: getattr(line, name) for name in _COPIED}, **{name: getattr(part, name) for name in FIGURES},
             "id": new_id(), "position": place, "quantity": item.quantity, "price_is_manual": True,
             **(_alone(item.part, part, line) if item.part else {})}
        )  # fmt: skip
    rounding, total = credit_rounding(
        parts, prices_include_tax=order.prices_include_tax, is_last=False, left_total=order.total
    )
    sums = {
        name: sum((getattr(part, name) for part in parts), Decimal(0))
        for name in ("net", "other_tax_base", "tax", "luxury_tax")
    }
    today = day_at(at=at, zone=order.branch.zone)
    batch = Batch()
    number = batch.draw(company_id=order.company_id, kind="order", period=str(today.year), prefix=f"SO-{today.year}-")
    exchange_id = new_id()
    batch.insert(
        SalesOrder,
        [
            {
                **{name: getattr(order, name) for name in _HEAD}, **sums, "id": exchange_id, "number": number,
                "subtotal": sum((part.amount for part in parts), Decimal(0)),
                "discount_amount": sum((part.document_discount for part in parts), Decimal(0)), "rounding": rounding,
                "total": total, "base_total": in_base(order, total), "date": today,
                "customer_reference": reference[:60], "created_by": by.id, "created_at": at, "updated_at": at,
            }
        ],
    )  # fmt: skip
    batch.insert(SalesOrderLine, rows, order_id=exchange_id)
    record(
        batch=batch, subject_kind="order", subject_id=exchange_id, verb="draft", by=by.id, at=at,
        company_id=order.company_id, to_status="draft", data={"exchange_of": order.number},
    )  # fmt: skip
    batch.write()
    return exchange_id


def _alone(part: PartOf, figures: Figures, line: SalesOrderLine) -> dict[str, Any]:
    """What differs on a line of a part alone: it is itself, at the price that its share of the bundle makes."""
    price = ((figures.amount + figures.discount_amount) / part.quantity).quantize(Decimal("0.000001"))
    cost = next((one["cost"] for one in line.parts if one["product_id"] == str(part.product_id)), None)
    return {
        "product_id": part.product_id, "unit_id": part.unit_id, "factor": Decimal(1), "quantity": part.quantity,
        "description": part.description, "parts": [], "steps": [], "list_price": price, "unit_price": price,
        "discount_percent": Decimal(0), "unit_cost": None if cost is None else Decimal(cost),
    }  # fmt: skip
