from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import SameWarehouse
from niaga.stock.models import Transfer, TransferLine
from niaga.stock.queries.warehouses import warehouse_row
from niaga.stock.services.check_lines import StockItem, check_lines
from niaga.stock.services.lock_levels import lock_levels, require_free
from niaga.stock.services.move_lots import barred_taken, summed
from niaga.stock.services.move_stock import move_stock
from niaga.stock.services.name_lots import name_lots
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
    if source_id == target_id:
        raise SameWarehouse(field="target")
    source, target = warehouse_row(source_id, field="source"), warehouse_row(target_id, field="target")
    if source.company_id != target.company_id:
        raise NotFound(field="target")
    access_of(by).require("stock", "create", source)
    lines = check_lines(company_id=source.company_id, items=items)
    today = day_at(at=at, zone=source.branch.zone)
    named = name_lots(company_id=source.company_id, lines=lines, today=today, may_make=False, by=by.id, at=at)
    moved: dict[UUID, Decimal] = {}
    places: dict[UUID, tuple[int, str]] = {}
    for place, line in enumerate(lines, 1):
        moved[line.product.id] = moved.get(line.product.id, Decimal(0)) + line.base
        places.setdefault(line.product.id, (place, line.product.name))
    levels = lock_levels(keys=[(warehouse.id, product_id) for warehouse in (source, target) for product_id in moved])
    moves = transferred_lots(warehouse_id=source.id, lines=lines, named=named, places=places, today=today)
    barred = barred_taken([move._replace(quantity=-move.quantity) for move in moves])
    taken = {(source.id, key): base - barred.get(key, Decimal(0)) for key, base in moved.items()}
    require_free(taken=taken, levels=levels, places=places)

    transfer = Transfer(
        id=new_id(), company_id=source.company_id, source_id=source.id, target_id=target.id, note=note, moved_at=at,
        moved_by=by.id,
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
             "lot_id": move.lot_id}
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
