from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Sum

from niaga.core.batch import Batch
from niaga.stock.errors import StockGone
from niaga.stock.models import Reservation, StockMove
from niaga.stock.queries.lots import lots_here
from niaga.stock.rules.first_expired import LotAtHand, first_expired, less
from niaga.stock.services.lock_levels import lock_levels
from niaga.stock.services.move_stock import Booking, move_stock
from niaga.stock.services.release_part import Surplus, release_part
from niaga.stock.services.value_moves import Movement


class LetGo(NamedTuple):
    """`base` units of a product held for a line: free again (`restock`), thrown away (`scrap`), or gone back to the
    customer (`return`) or to who supplied it (`to_supplier`)."""

    line_id: UUID
    product_id: UUID
    base: Decimal
    where: str


def let_go_goods(
    *,
    company_id: UUID,
    warehouse_id: UUID,
    source_kind: str,
    source_id: UUID,
    goods: Sequence[LetGo],
    booking: Booking,
    by: UUID | None,
    at: datetime,
) -> dict[UUID, Decimal]:
    """Let go of what `take_back_goods` holds for a document. Scrap is booked as lost, what goes back as cost of sales,
    to a supplier as their debt: how much that is worth is answered by line.

    Levels are locked first, all of them. The caller holds the document's lock.

    :raises StockGone: less is held for a line than that
    :raises PeriodClosed: the books of today's month are closed
    """
    lock_levels(keys=[(warehouse_id, one.product_id) for one in goods])
    rows = Reservation.objects.filter(source_id=source_id, warehouse_id=warehouse_id)
    held = {(one.line_id, one.product_id): one.id for one in rows.only("id", "line_id", "product_id")}
    free = [one for one in goods if one.where == "restock"]
    batch = Batch()
    release_part(
        batch=batch,
        parts=[Surplus(held[one.line_id, one.product_id], one.product_id, warehouse_id, one.base) for one in free],
    )
    batch.write()
    lots = lots_here(source_id=source_id, goods=[one for one in goods if one.where != "restock"])
    for reason in ("scrap", "return", "to_supplier"):
        gone = [one for one in goods if one.where == reason]
        if not gone:
            continue
        batch = Batch()
        batch.update_each(
            Reservation,
            [{"id": held[one.line_id, one.product_id], "used": one.base} for one in gone],
            values={"quantity": "t.quantity - v.used"},
            condition="t.quantity >= v.used",
            refusal=StockGone,
        )
        move_stock(
            batch=batch, company_id=company_id, warehouse_id=warehouse_id, reason=reason, source_kind=source_kind,
            source_id=source_id, booking=booking, by=by, at=at,
            movements=_by_lot(gone, lots),
        )  # fmt: skip
        batch.write()
    if not any(one.where == "to_supplier" for one in goods):
        return {}
    moves = StockMove.objects.filter(source_id=source_id, reason="to_supplier", at=at).order_by()
    return dict(moves.values_list("line_id").annotate(worth=-Sum("value")))


def _by_lot(gone: Sequence[LetGo], lots: dict[tuple[UUID, UUID], list[LotAtHand]]) -> list[Movement]:
    """What goes, of the lots that came for its line: the first to expire first. `lots` gets less by it."""
    moves = []
    for one in gone:
        key = one.line_id, one.product_id
        taken, rest = first_expired(lots.get(key, ()), wanted=one.base)
        lots[key] = less(lots.get(key, ()), taken)
        parts = [(lot.lot_id, base) for lot, base in taken] if taken else [(None, rest)]
        moves += [Movement(one.product_id, -base, None, base, one.line_id, lot_id) for lot_id, base in parts]
    return moves
