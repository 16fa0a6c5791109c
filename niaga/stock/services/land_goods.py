from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.flow import move
from niaga.core.money import exponent
from niaga.core.outbox import announce
from niaga.ledger.rules.postings import transit_loss_postings
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor
from niaga.stock.events import IncomingChanged, StockReceived
from niaga.stock.models import ExpectedReceipt, ExpectedReceiptLine, Transfer, TransferLine, Warehouse
from niaga.stock.queries.transfers import worth_sent
from niaga.stock.rules.count_flow import expected_flow
from niaga.stock.rules.transit import part_worth, transfer_flow
from niaga.stock.services.lock_levels import lock_levels
from niaga.stock.services.move_stock import Booking, move_stock
from niaga.stock.services.value_moves import Movement


class Landed(NamedTuple):
    """Of a line: `came` is in the warehouse now, `lost` will not come, `over` came beyond what left."""

    line: TransferLine
    came: Decimal
    lost: Decimal = Decimal(0)
    over: Decimal = Decimal(0)


def land_goods(
    *, transfer: Transfer, warehouse: Warehouse, landed: Sequence[Landed], verb: str, note: str, by: Actor, at: datetime
) -> None:
    """Take goods of a locked transfer into one of its warehouses, worth what they left with, and give up what is lost.

    :raises PeriodClosed: the books of today's month are closed
    """
    column = "returned" if verb == "bring_back" else "received"
    booking = Booking(
        warehouse.branch_id,
        day_at(at=at, zone=warehouse.branch.zone),
        transfer.number,
        transfer.source.company.currency,
    )
    digits, worth = exponent(booking.currency), worth_sent(transfer.id)
    moves, rows, loss = [], [], Decimal(0)
    for line, came, lost, over in landed:
        before, sent = line.received + line.returned + line.lost, worth.get(line.id, Decimal(0))
        value = part_worth(value=sent, quantity=line.quantity, before=before, taken=came, digits=digits)
        gone = part_worth(value=sent, quantity=line.quantity, before=before + came, taken=lost, digits=digits)
        if came:
            moves.append(Movement(line.product_id, came, value / came, line_id=line.id, lot_id=line.lot_id))
        rows.append({"id": line.id, "came": came, "lost": lost, "gone": gone, "over": over})
        loss += gone
    lock_levels(keys=[(warehouse.id, one.line.product_id) for one in landed])
    batch = Batch()
    is_done = verb != "receive_part"
    move(
        batch=batch, flow=transfer_flow, document=transfer, move=verb, by=by.id, at=at, note=note[:200],
        values={"received_at": at, "received_by": by.id} if is_done else None,
        data={"lost": str(sum(one.lost for one in landed)), "over": str(sum(one.over for one in landed))},
    )  # fmt: skip
    batch.update_each(
        TransferLine,
        rows,
        values={
            column: f"t.{column} + v.came", "lost": "t.lost + v.lost", "lost_value": "t.lost_value + v.gone",
            "over": "t.over + v.over",
        },
    )  # fmt: skip
    _settle_expected(batch, transfer, landed, verb, by, at)
    if moves:
        move_stock(
            batch=batch, company_id=transfer.company_id, warehouse_id=warehouse.id, reason="transit", booking=booking,
            source_kind="transfer", source_id=transfer.id, movements=moves, by=by.id, at=at,
        )  # fmt: skip
        announce(
            batch=batch, event=StockReceived(transfer.id, warehouse.id), company_id=transfer.company_id, by=by.id, at=at
        )
    if loss:
        post_entry(
            batch=batch, company_id=transfer.company_id, branch_id=booking.branch_id, date=booking.date,
            source_kind="transfer", source_id=transfer.id, number=transfer.number, currency=booking.currency,
            postings=transit_loss_postings(value=loss), customer_id=None, by=by.id, at=at,
        )  # fmt: skip
    batch.write()
    found = [Movement(one.line.product_id, one.over, line_id=one.line.id, lot_id=one.line.lot_id)
             for one in landed if one.over]  # fmt: skip
    if found:  # by a statement of its own: what came before is worth something by then
        batch = Batch()
        move_stock(
            batch=batch, company_id=transfer.company_id, warehouse_id=warehouse.id, reason="adjustment",
            source_kind="transfer", source_id=transfer.id, movements=found, booking=booking, by=by.id, at=at,
        )  # fmt: skip
        batch.write()


def _settle_expected(
    batch: Batch, transfer: Transfer, landed: Sequence[Landed], verb: str, by: Actor, at: datetime
) -> None:
    """What the target still has to come of it."""
    expected = ExpectedReceipt.objects.select_for_update().get(transfer_id=transfer.id)
    came: dict[UUID, Decimal] = {}
    for one in landed:
        came[one.line.product_id] = came.get(one.line.product_id, Decimal(0)) + one.came
    if verb != "bring_back":
        lines = ExpectedReceiptLine.objects.filter(expected_id=expected.id, product_id__in=came)
        batch.update_each(
            ExpectedReceiptLine,
            [{"id": key, "came": came[product]} for key, product in lines.values_list("id", "product_id")],
            values={"received": "t.received + v.came"},
        )
    if verb != "receive_part":
        step = "cancel" if verb == "bring_back" else "receive"
        move(batch=batch, flow=expected_flow, document=expected, move=step, by=by.id, at=at)
        announce(
            batch=batch, event=IncomingChanged(expected.id, expected.warehouse_id), company_id=expected.company_id,
            by=by.id, at=at,
        )  # fmt: skip
