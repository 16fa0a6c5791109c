from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.stock.models import Transfer, TransferLine
from niaga.stock.services.check_lines import StockItem
from niaga.stock.services.lock_levels import lock_levels, require_free
from niaga.stock.services.move_lots import barred_taken, summed
from niaga.stock.services.move_stock import move_stock
from niaga.stock.services.read_transfer import read_transfer
from niaga.stock.services.transferred_lots import transferred_lots


@transaction.atomic
def transfer_stock(
    *, source_id: UUID, target_id: UUID, items: Sequence[StockItem], note: str = "", by: Actor, at: datetime
) -> Transfer:
    """Move free goods from one warehouse to another of the same company, at once.

    :raises NotFound: no such warehouse, or not of one company
    :raises Forbidden: the person may not move goods out of the first
    :raises SameWarehouse: both are the same
    :raises BadStockLines: no lines, unknown products, or quantities that cannot be; each line is answered
    :raises NotEnoughFree: less is free than is to be moved; each such line is answered
    """
    asked = read_transfer(source_id=source_id, target_id=target_id, items=items, by=by, at=at)
    source, target, places, today = asked.source, asked.target, asked.places, asked.today
    moved: dict[UUID, Decimal] = {}
    for line in asked.lines:
        moved[line.product.id] = moved.get(line.product.id, Decimal(0)) + line.base
    levels = lock_levels(keys=[(warehouse.id, product_id) for warehouse in (source, target) for product_id in moved])
    moves = transferred_lots(warehouse_id=source.id, lines=asked.lines, named=asked.lots, places=places, today=today)
    barred = barred_taken([move._replace(quantity=-move.quantity) for move in moves])
    taken = {(source.id, key): base - barred.get(key, Decimal(0)) for key, base in moved.items()}
    require_free(taken=taken, levels=levels, places=places)

    transfer = Transfer(
        id=new_id(), company_id=source.company_id, source_id=source.id, target_id=target.id, note=note, moved_at=at,
        moved_by=by.id, shipped_at=at, shipped_by=by.id, received_at=at, received_by=by.id, updated_at=at,
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
            {"id": new_id(), "position": place, "product_id": move.product_id, "quantity": move.quantity,
             "received": move.quantity, "lot_id": move.lot_id}
            for place, move in enumerate(moves, 1)
        ],
        transfer_id=transfer.id,
    )  # fmt: skip
    for warehouse, sign in ((source, -1), (target, 1)):
        move_stock(
            batch=batch, company_id=source.company_id, warehouse_id=warehouse.id, reason="transfer",
            source_kind="transfer", source_id=transfer.id, booking=None, by=by.id, at=at,
            movements=[move._replace(quantity=sign * move.quantity) for move in summed(moves)],
        )  # fmt: skip
    record(
        batch=batch, subject_kind="transfer", subject_id=transfer.id, verb="transfer", by=by.id, at=at,
        company_id=source.company_id, note=note,
    )  # fmt: skip
    transfer.number = batch.write()[number]
    return transfer
