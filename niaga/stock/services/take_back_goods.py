from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.stock.services.move_stock import Booking, move_stock
from niaga.stock.services.value_moves import Movement


class TakenBack(NamedTuple):
    """`base` units of a product that a line of a document brings back, each worth what it left with; of a
    lot, where it is kept so."""

    line_id: UUID
    product_id: UUID
    base: Decimal
    unit_cost: Decimal | None
    lot_id: UUID | None = None


def take_back_goods(
    *,
    batch: Batch,
    company_id: UUID,
    warehouse_id: UUID,
    source_kind: str,
    source_id: UUID,
    goods: Sequence[TakenBack],
    booking: Booking,
    by: UUID | None,
    at: datetime,
) -> None:
    """Add what comes back from a customer to the batch: on hand, and held for the document until it is inspected, so
    that nobody is promised any of it. It is worth what it left with; the cost of sales is less by that.

    :raises PeriodClosed: when the batch is written, the books of today's month are closed
    """
    held = batch.rows(
        "held",
        {"id": "uuid", "line_id": "uuid", "product_id": "uuid", "base": "numeric"},
        [
            {"id": new_id(), "line_id": line_id, "product_id": product_id, "base": base}
            for (line_id, product_id), base in held_of(goods).items()
        ],
    )
    batch.sql(
        "reserved",
        "INSERT INTO stock_reservation AS t (id, company_id, warehouse_id, product_id, source_kind, source_id, line_id,"
        " quantity, created_at) SELECT h.id, %s::uuid, %s::uuid, h.product_id, %s::text, %s::uuid, h.line_id, h.base,"
        f" %s::timestamptz FROM {held} h ON CONFLICT (source_id, line_id, product_id, warehouse_id)"
        " DO UPDATE SET quantity = t.quantity + excluded.quantity RETURNING 1",
        [company_id, warehouse_id, source_kind, source_id, at],
    )
    move_stock(
        batch=batch, company_id=company_id, warehouse_id=warehouse_id, reason="return", source_kind=source_kind,
        source_id=source_id, booking=booking, by=by, at=at, makes_levels=True,
        movements=[
            Movement(one.product_id, one.base, one.unit_cost, -one.base, one.line_id, one.lot_id) for one in goods
        ],
    )  # fmt: skip


def held_of(goods: Sequence[TakenBack]) -> dict[tuple[UUID, UUID], Decimal]:
    """How much is held for each line of each product, all its lots together."""
    held: dict[tuple[UUID, UUID], Decimal] = {}
    for one in goods:
        key = one.line_id, one.product_id
        held[key] = held.get(key, Decimal(0)) + one.base
    return held
