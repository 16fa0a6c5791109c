from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.flow import check_move, move
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.stock.events import IncomingChanged
from niaga.stock.models import ExpectedReceipt, ExpectedReceiptLine, Transfer, TransferLine
from niaga.stock.queries.transfers import lock_transfer
from niaga.stock.rules.transit import transfer_flow
from niaga.stock.services.lock_levels import lock_levels
from niaga.stock.services.move_stock import Booking, move_stock
from niaga.stock.services.release_stock import release_stock
from niaga.stock.services.require_sendable import require_sendable
from niaga.stock.services.sent_lots import sent_lots
from niaga.stock.services.value_moves import Movement


@transaction.atomic
def ship_transfer(*, transfer_id: UUID, by: Actor, at: datetime) -> Transfer:
    """Send the goods on their way: they leave the first warehouse, and the second expects them.

    What is kept by lot and names none leaves first expired first. What they are worth stands on an account of its own.

    :raises NotFound: no such transfer
    :raises Forbidden: the person may not move goods out of the first warehouse
    :raises WrongState: it left already, or was cancelled
    :raises NotEnoughFree: a named lot has less by now; each line is answered
    :raises LotsShort: good lots do not make up a line
    :raises PeriodClosed: the books of today's month are closed
    """
    transfer = lock_transfer(transfer_id)
    source = transfer.source
    access_of(by).require("stock", "create", source)
    check_move(transfer_flow, "ship", transfer.status)
    rows = TransferLine.objects.filter(transfer_id=transfer.id).select_related("product")
    lines = list(rows.order_by("position", "id"))
    keys = [(source.id, line.product_id) for line in lines]
    lock_levels(keys=keys)
    batch = Batch()
    release_stock(batch=batch, source_id=transfer.id, at=at)
    batch.write()
    today = day_at(at=at, zone=source.branch.zone)
    told = sent_lots(warehouse_id=source.id, lines=lines, today=today)
    moves = [Movement(line.product_id, line.quantity, line_id=line.id, lot_id=line.lot_id) for line in told]
    places = {line.product_id: (line.position, line.product.name) for line in reversed(lines)}
    require_sendable(warehouse_id=source.id, moves=moves, levels=lock_levels(keys=keys), places=places)

    kept = {line.id for line in told}
    split = [line.id for line in lines if line.id not in kept]
    known = {line.id for line in lines}
    if split:
        TransferLine.objects.filter(id__in=split).delete()
    batch = Batch()
    batch.insert(
        TransferLine,
        [
            {"id": line.id, "position": line.position, "product_id": line.product_id, "quantity": line.quantity,
             "lot_id": line.lot_id}
            for line in told
            if line.id not in known
        ],
        transfer_id=transfer.id,
    )  # fmt: skip
    move(
        batch=batch, flow=transfer_flow, document=transfer, move="ship", by=by.id, at=at,
        values={"shipped_at": at, "shipped_by": by.id},
    )  # fmt: skip
    move_stock(
        batch=batch, company_id=transfer.company_id, warehouse_id=source.id, reason="transit", source_kind="transfer",
        source_id=transfer.id, by=by.id, at=at,
        booking=Booking(source.branch_id, today, transfer.number, source.company.currency),
        movements=[one._replace(quantity=-one.quantity) for one in moves],
    )  # fmt: skip
    _expect(batch, transfer, told, transfer.expected_date or today, by, at)
    batch.write()
    return transfer


def _expect(batch: Batch, transfer: Transfer, lines: list[TransferLine], day: date, by: Actor, at: datetime) -> None:
    """What the target has to come: orders there may be promised of it."""
    expected = ExpectedReceipt(
        id=new_id(), company_id=transfer.company_id, warehouse_id=transfer.target_id, supplier=transfer.source.name,
        reference=transfer.number, expected_date=day, transfer_id=transfer.id, status="open",
        created_by=by.id, created_at=at, updated_at=at,
    )  # fmt: skip
    row = {column.attname: getattr(expected, column.attname) for column in ExpectedReceipt._meta.concrete_fields}
    batch.insert(ExpectedReceipt, [row])
    sums: dict[UUID, list[TransferLine]] = {}
    for line in lines:
        sums.setdefault(line.product_id, []).append(line)
    batch.insert(
        ExpectedReceiptLine,
        [
            {"id": new_id(), "product_id": product_id, "quantity": sum(one.quantity for one in found)}
            for product_id, found in sums.items()
        ],
        expected_id=expected.id,
    )  # fmt: skip
    announce(
        batch=batch, event=IncomingChanged(expected.id, expected.warehouse_id), company_id=expected.company_id,
        by=by.id, at=at,
    )  # fmt: skip
