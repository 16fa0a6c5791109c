"""What a confirmed order still holds in stock, reservation by reservation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection

from niaga.sales.models import SalesOrderLine
from niaga.sales.rules.parts import Asked, planned, waiting_for

_HELD = """
SELECT line_id, product_id, id, warehouse_id, quantity FROM stock_reservation
 WHERE source_id = %s::uuid AND quantity > 0
"""


@dataclass(frozen=True, slots=True)
class HeldPart:
    """What is held of a product for a line, in base units."""

    reservation_id: UUID
    product_id: UUID
    warehouse_id: UUID
    quantity: Decimal


Held = Mapping[tuple[UUID, UUID], HeldPart]
"""By (line, product)."""


def held_parts(*, order_id: UUID) -> Held:
    """What is held for each line of a locked order; of a bundle, for each of its parts."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [order_id])
        return {
            (line_id, product_id): HeldPart(reservation_id, product_id, warehouse_id, quantity)
            for line_id, product_id, reservation_id, warehouse_id, quantity in cursor.fetchall()
        }


def gaps(lines: Iterable[SalesOrderLine], held: Held) -> Asked:
    """How much less is held than the lines wait for."""
    nought = Decimal(0)
    missing = {
        key: asked - (held[key].quantity if key in held else nought) for key, asked in waiting_for(lines).items()
    }
    return {key: gap for key, gap in missing.items() if gap > 0}


def to_release(
    before: Iterable[SalesOrderLine], after: Iterable[SalesOrderLine], held: Held
) -> list[tuple[HeldPart, Decimal]]:
    """How much of which reservation is more than the lines wait for `after`, sparing what deliveries count on."""
    nought = Decimal(0)
    asked, spared = waiting_for(after), planned(before)
    surplus = [
        (part, part.quantity - max(asked.get(key, nought), spared.get(key, nought))) for key, part in held.items()
    ]
    return [(part, more) for part, more in surplus if more > 0]
