from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from niaga.core.batch import Batch, Drawn
from niaga.core.ids import new_id
from niaga.ledger.rules.postings import STOCK_ROLES
from niaga.ledger.services.post_reckoned_entry import post_reckoned_entry
from niaga.stock.errors import StockGone
from niaga.stock.models import StockMove
from niaga.stock.services.value_moves import Movement, value_moves


class Booking(NamedTuple):
    """What the books need of the document that moves goods: `date` is the branch's day, `currency` the company's."""

    branch_id: UUID
    date: date
    number: str | Drawn
    currency: str


def move_stock(
    *,
    batch: Batch,
    company_id: UUID,
    warehouse_id: UUID,
    reason: str,
    source_kind: str,
    source_id: UUID,
    movements: Sequence[Movement],
    booking: Booking | None,
    by: UUID | None,
    at: datetime,
    makes_levels: bool = False,
) -> None:
    """Add moves, the change of levels and of what the goods are worth, and the entry of it, to the batch.

    Levels are locked in key order, then costs by product. With `makes_levels` (goods coming in) a product that was
    never here gets its level. Without a `booking` (a transfer) goods change their place and no value.

    :raises StockGone: when the batch is written, a level is missing
    :raises PeriodClosed: when the batch is written, the booking's month is closed
    :raises AccountMissing: when the batch is written, a role has no account in the company
    :raises IntegrityError: the check `never_oversold` refuses a level below what is reserved
    """
    sums: dict[UUID, tuple[Decimal, Decimal]] = {}
    for movement in movements:
        quantity, held = sums.get(movement.product_id, (Decimal(0), Decimal(0)))
        sums[movement.product_id] = (quantity + movement.quantity, held + movement.from_reserved)
    need = batch.rows(
        "need",
        {"id": "uuid", "product_id": "uuid", "quantity": "numeric", "held": "numeric"},
        [
            {"id": new_id(), "product_id": product_id, "quantity": quantity, "held": held}
            for product_id, (quantity, held) in sums.items()
        ],
    )
    if makes_levels:
        levels = batch.sql(
            "level",
            "INSERT INTO stock_stocklevel AS t (id, warehouse_id, product_id, on_hand, reserved)"
            f" SELECT n.id, %s::uuid, n.product_id, n.quantity, -n.held FROM {need} n ORDER BY n.product_id"
            " ON CONFLICT (product_id, warehouse_id) DO UPDATE SET on_hand = t.on_hand + excluded.on_hand,"
            " reserved = t.reserved + excluded.reserved"
            " RETURNING t.product_id",
            [warehouse_id],
            expect=len(sums),
            refusal=StockGone,
        )
    else:
        locked = batch.sql(
            "locked",
            f"SELECT l.id, n.quantity, n.held FROM stock_stocklevel l JOIN {need} n ON n.product_id = l.product_id"
            " WHERE l.warehouse_id = %s::uuid ORDER BY l.warehouse_id, l.product_id FOR UPDATE OF l",
            [warehouse_id],
        )
        levels = batch.sql(
            "level",
            "UPDATE stock_stocklevel t SET on_hand = t.on_hand + k.quantity, reserved = t.reserved - k.held"
            f" FROM {locked} k WHERE t.id = k.id RETURNING t.product_id",
            expect=len(sums),
            refusal=StockGone,
        )
    if booking is None:
        rows = [
            {"id": new_id(), "product_id": move.product_id, "quantity": move.quantity, "line_id": move.line_id,
             "lot_id": move.lot_id}
            for move in movements
        ]  # fmt: skip
        batch.insert(
            StockMove, rows, company_id=company_id, warehouse_id=warehouse_id, reason=reason, source_kind=source_kind,
            source_id=source_id, at=at, by=by,
        )  # fmt: skip
        return
    valued = value_moves(
        batch=batch, company_id=company_id, currency=booking.currency, levels=levels, movements=movements
    )
    batch.sql(
        "moved",
        "INSERT INTO stock_stockmove (id, company_id, warehouse_id, product_id, quantity, unit_cost, value, reason,"
        ' source_kind, source_id, line_id, lot_id, at, "by") SELECT v.id, %s::uuid, %s::uuid, v.product_id, v.quantity,'
        " coalesce(v.unit_cost, round(v.value / v.quantity, 6)), v.value, %s::text, %s::text, %s::uuid, v.line_id,"
        f" v.lot_id, %s::timestamptz, %s::uuid FROM {valued} v RETURNING 1",
        [company_id, warehouse_id, reason, source_kind, source_id, at, by],
    )
    came, went = STOCK_ROLES[reason]
    amounts = batch.sql(
        "amounts",
        f"SELECT 'inventory' AS role, sum(value) AS amount FROM {valued}"
        " UNION ALL SELECT CASE WHEN quantity > 0 THEN %s::text ELSE %s::text END, -sum(value)"
        f" FROM {valued} GROUP BY 1",
        [came, went],
    )
    post_reckoned_entry(
        batch=batch, company_id=company_id, branch_id=booking.branch_id, date=booking.date, source_kind=source_kind,
        source_id=source_id, number=booking.number, currency=booking.currency, amounts=amounts, by=by, at=at,
    )  # fmt: skip
