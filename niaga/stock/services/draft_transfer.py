from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.stock.models import Transfer, TransferLine
from niaga.stock.services.check_lines import StockItem
from niaga.stock.services.lock_levels import lock_levels
from niaga.stock.services.move_lots import summed
from niaga.stock.services.read_transfer import read_transfer
from niaga.stock.services.require_sendable import require_sendable
from niaga.stock.services.reserve_stock import Want, reserve_stock


@transaction.atomic
def draft_transfer(
    *,
    source_id: UUID,
    target_id: UUID,
    items: Sequence[StockItem],
    expected_date: date,
    carrier: str = "",
    note: str = "",
    by: Actor,
    at: datetime,
) -> Transfer:
    """Draw up what one warehouse will send to another of the same company. The goods are held until they leave.

    :raises NotFound: no such warehouse, or not of one company
    :raises Forbidden: the person may not move goods out of the first
    :raises SameWarehouse: both are the same
    :raises BadStockLines: no lines, unknown products, or quantities that cannot be; each line is answered
    :raises NotEnoughFree: less is free than is to be sent; each such line is answered
    """
    asked = read_transfer(source_id=source_id, target_id=target_id, items=items, by=by, at=at)
    source, target, places, today = asked.source, asked.target, asked.places, asked.today
    leaving = [move for line in asked.lines for move in line.movements(asked.lots)]
    moves = [move._replace(line_id=new_id()) for move in summed(leaving)]
    levels = lock_levels(keys=[(source.id, product_id) for product_id in places])
    barred = require_sendable(warehouse_id=source.id, moves=moves, levels=levels, places=places)

    transfer = Transfer(
        id=new_id(), company_id=source.company_id, source_id=source.id, target_id=target.id, note=note.strip(),
        status="draft", expected_date=expected_date, carrier=carrier.strip(), moved_at=at, moved_by=by.id,
        updated_at=at,
    )  # fmt: skip
    batch = Batch()
    number = batch.draw(
        company_id=source.company_id, kind="transfer", period=str(today.year), prefix=f"TR-{today.year}-"
    )
    row = {column.attname: getattr(transfer, column.attname) for column in Transfer._meta.concrete_fields}
    batch.insert(Transfer, [{**row, "number": number}])
    batch.insert(
        TransferLine,
        [
            {"id": move.line_id, "position": place, "product_id": move.product_id, "quantity": move.quantity,
             "lot_id": move.lot_id}
            for place, move in enumerate(moves, 1)
        ],
        transfer_id=transfer.id,
    )  # fmt: skip
    # What is barred is promised to nobody: it needs no holding.
    reserve_stock(
        batch=batch, company_id=source.company_id, warehouse_id=source.id, source_kind="transfer",
        source_id=transfer.id, at=at,
        wants=[
            Want(move.line_id, move.product_id, move.quantity)
            for move in moves
            if move.line_id is not None and move.lot_id not in barred
        ],
    )  # fmt: skip
    record(
        batch=batch, subject_kind="transfer", subject_id=transfer.id, verb="draft", by=by.id, at=at,
        company_id=source.company_id, to_status="draft", note=note.strip()[:200],
    )  # fmt: skip
    transfer.number = batch.write()[number]
    return transfer
