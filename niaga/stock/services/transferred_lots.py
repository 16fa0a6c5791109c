from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.stock.errors import LotsShort
from niaga.stock.queries.lots import lots_at_hand
from niaga.stock.rules.first_expired import first_expired, less
from niaga.stock.services.check_lines import CheckedLine
from niaga.stock.services.move_lots import require_lots
from niaga.stock.services.value_moves import Movement


def transferred_lots(
    *,
    warehouse_id: UUID,
    lines: Sequence[CheckedLine],
    named: Mapping[tuple[UUID, str], UUID],
    places: Mapping[UUID, tuple[int, str]],
    today: date,
) -> list[Movement]:
    """How lines leave a warehouse for another, as positive movements: of lots that are named, and where none is, of
    what expires first. The levels of the products are locked. No statement when nothing is kept by lot.

    :raises NotEnoughFree: a named lot has less; each is answered
    :raises LotsShort: good lots do not make up a line that names none; each is answered
    """
    moves = [move for line in lines if line.lots or not line.product.by_lot for move in line.movements(named)]
    require_lots(
        warehouse_id=warehouse_id, moves=[move._replace(quantity=-move.quantity) for move in moves], places=places
    )
    open_ = [line for line in lines if line.product.by_lot and not line.lots]
    if not open_:
        return moves
    there = lots_at_hand(warehouse_id=warehouse_id, product_ids={line.product.id for line in open_}, today=today)
    short: list[dict[str, Any]] = []
    for line in open_:
        lots = there.get(line.product.id, [])
        taken, missing = first_expired(lots, wanted=line.base)
        there[line.product.id] = less(lots, taken)
        moves += [Movement(line.product.id, base, lot_id=lot.lot_id) for lot, base in taken]
        if missing:
            short.append(
                {"line": places[line.product.id][0], "product_id": str(line.product.id), "wanted": line.base,
                 "available": max(Decimal(0), line.base - missing)}
            )  # fmt: skip
    if short:
        raise LotsShort(lines=short, field="lines")
    return moves
