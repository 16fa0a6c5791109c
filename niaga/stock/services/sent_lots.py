from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.core.ids import new_id
from niaga.stock.errors import LotsShort
from niaga.stock.models import TransferLine
from niaga.stock.queries.lots import lots_at_hand
from niaga.stock.rules.first_expired import first_expired, less


def sent_lots(*, warehouse_id: UUID, lines: Sequence[TransferLine], today: date) -> list[TransferLine]:
    """The lines of a transfer as they leave: what is kept by lot and names none is told apart, first expired first.

    Lines are unsaved where they are new. The levels are locked. No statement when nothing is kept by lot.

    :raises LotsShort: good lots do not make up a line; each is answered
    """
    open_ = {line.product_id for line in lines if line.product.by_lot and line.lot_id is None}
    if not open_:
        return list(lines)
    there = lots_at_hand(warehouse_id=warehouse_id, product_ids=open_, today=today)
    for line in lines:
        if line.lot_id is not None and line.product_id in open_:
            found = there.get(line.product_id, [])
            there[line.product_id] = less(
                found, [(lot, min(line.quantity, lot.free)) for lot in found if lot.lot_id == line.lot_id]
            )
    told: list[TransferLine] = []
    short: list[dict[str, Any]] = []
    for place, line in enumerate(lines, 1):
        if line.lot_id is not None or not line.product.by_lot:
            told.append(line)
            continue
        found = there.get(line.product_id, [])
        taken, missing = first_expired(found, wanted=line.quantity)
        there[line.product_id] = less(found, taken)
        told += [
            TransferLine(
                id=new_id(), transfer_id=line.transfer_id, position=line.position, product_id=line.product_id,
                lot_id=lot.lot_id, quantity=base,
            )
            for lot, base in taken
        ]  # fmt: skip
        if missing:
            short.append(
                {"line": place, "product_id": str(line.product_id), "wanted": line.quantity,
                 "available": max(Decimal(0), line.quantity - missing)}
            )  # fmt: skip
    if short:
        raise LotsShort(lines=short, field="lines")
    return told
