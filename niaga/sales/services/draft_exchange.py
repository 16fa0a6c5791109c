from collections.abc import Mapping
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


@transaction.atomic
def draft_exchange(
    *, order_id: UUID, quantities: Mapping[UUID, Decimal], reference: str, by: Actor, at: datetime
) -> UUID:
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
    lines = list(SalesOrderLine.objects.filter(order_id=order.id, id__in=list(quantities)).order_by("position"))
    if len(lines) != len(quantities):
        raise NotFound(field="lines")
    if any(line.points_discount for line in lines):
        raise WrongState(_("Points paid a part of this; they come back with the credit. Write a new order instead."))
    rows: list[dict[str, Any]] = []
    parts = []
    for line in lines:
        whole = Figures(*(getattr(line, name) for name in FIGURES))
        part = credit_part(
            whole, whole=line.quantity, already=Decimal(0), quantity=quantities[line.id], currency=order.currency
        )
        parts.append(part)
        rows.append(
            {**{name: getattr(line, name) for name in _COPIED}, **{name: getattr(part, name) for name in FIGURES},
             "id": new_id(), "quantity": quantities[line.id], "price_is_manual": True}
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
