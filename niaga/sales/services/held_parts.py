"""What a confirmed order still holds in stock, reservation by reservation."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection

_HELD = """
SELECT h.line_id, h.id, h.product_id, h.warehouse_id, h.quantity,
       h.quantity - coalesce((SELECT sum(d.quantity * d.factor) FROM stock_deliveryline d
                                JOIN stock_delivery v ON v.id = d.delivery_id
                               WHERE d.reservation_id = h.id AND v.status IN ('draft', 'picking')), 0)
  FROM stock_reservation h WHERE h.source_id = %s::uuid AND h.quantity > 0 ORDER BY h.line_id, h.id DESC
"""


@dataclass(frozen=True, slots=True)
class HeldPart:
    """A reservation of a line: `quantity` base units still held, `free` of them in no delivery yet."""

    line_id: UUID
    reservation_id: UUID
    product_id: UUID
    warehouse_id: UUID
    quantity: Decimal
    free: Decimal


def held_parts(*, order_id: UUID) -> dict[UUID, list[HeldPart]]:
    """What is held for each line of a locked order, the latest reservation first."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [order_id])
        parts: dict[UUID, list[HeldPart]] = {}
        for row in cursor.fetchall():
            parts.setdefault(row[0], []).append(HeldPart(*row))
    return parts


def to_release(parts: Mapping[UUID, list[HeldPart]], surplus: Mapping[UUID, Decimal]) -> list[tuple[HeldPart, Decimal]]:
    """How much of which reservation gives back `surplus` base units of each line, sparing what deliveries count on."""
    found = []
    for line_id, wanted in surplus.items():
        for part in parts.get(line_id, ()):
            take = min(wanted, part.free)
            if take > 0:
                found.append((part, take))
                wanted -= take
    return found
