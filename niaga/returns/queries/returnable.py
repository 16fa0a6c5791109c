"""What can still come back of an order, line by line and part by part."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q

from niaga.organization.access import Actor
from niaga.returns.queries.coming_back import ComingBack, coming_back
from niaga.sales.queries.documents import visible_orders
from niaga.sales.queries.returnable import sold_lines


@dataclass(frozen=True, slots=True)
class Returnable:
    """A line of an order, or with `part_id` a part of its bundle. `room`: how much of it may still come back."""

    order_line_id: UUID
    part_id: UUID | None
    name: str
    sku: str
    unit: str
    shipped: Decimal
    room: Decimal
    is_gift: bool = False

    @property
    def key(self) -> str:
        return f"{self.order_line_id}.{self.part_id}" if self.part_id else str(self.order_line_id)


def returnable_lines(*, order_id: UUID) -> list[Returnable]:
    """Lines of goods that left, bundles followed by their parts. The caller has checked access."""
    lines = [line for line in sold_lines(order_id) if line.shipped > 0]
    back = coming_back([line.id for line in lines])
    found: list[Returnable] = []
    for line in lines:
        held = back.get(line.id, ComingBack())
        assert line.product is not None
        assert line.unit is not None
        room = max(line.shipped - held.whole - held.most, Decimal(0)) if line.needs_stock else Decimal(0)
        found.append(
            Returnable(
                line.id, None, line.description or line.product.name, line.product.sku, line.unit.code, line.shipped,
                room.quantize(Decimal(1).scaleb(-line.unit.digits), rounding="ROUND_DOWN"), line.gift_of_id is not None,
            )
        )  # fmt: skip
        for part in line.parts:
            if part["is_stocked"]:
                product_id, each = UUID(part["product_id"]), Decimal(part["quantity"]) * line.factor
                taken = held.parts.get(product_id, Decimal(0))
                found.append(
                    Returnable(
                        line.id, product_id, part["name"], part["sku"], part["unit"], line.shipped * each,
                        max((line.shipped - held.whole) * each - taken, Decimal(0)),
                    )
                )  # fmt: skip
    return found


def orders_to_choose(*, by: Actor, text: str = "", ids: Collection[UUID] | None = None) -> list[Any]:
    """Orders of which something left, the latest first: those of `ids`, or that fit the text."""
    rows = visible_orders(by=by).filter(status__in=("confirmed", "closed")).exclude(delivery_progress="none")
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    elif text:
        rows = rows.filter(Q(number__icontains=text) | Q(customer__name__icontains=text))
    return list(rows.select_related("customer").order_by("-date", "-id")[:50])
