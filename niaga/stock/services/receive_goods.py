from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch, Drawn
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.document_context import document_context
from niaga.stock.events import StockReceived
from niaga.stock.models import Receipt, ReceiptLine
from niaga.stock.queries.warehouses import warehouse_for, warehouse_row
from niaga.stock.services.check_lines import CheckedLine, StockItem, check_lines
from niaga.stock.services.move_stock import Booking, move_stock
from niaga.stock.services.name_lots import name_lots

ReceiptItem = StockItem


@transaction.atomic
def receive_goods(
    *,
    branch_id: UUID,
    items: Sequence[StockItem],
    warehouse_id: UUID | None = None,
    supplier: str = "",
    reference: str = "",
    note: str = "",
    is_opening: bool = False,
    by: Actor,
    at: datetime,
) -> Receipt:
    """Take goods in, at once: a posted receipt with its moves. A mistake is put right by an adjustment.

    A line without a unit cost comes in at the average so far, or at the catalogue's cost. With `is_opening` the goods
    were there when the books began, and nobody will bill them.

    :raises NotFound: no such branch or warehouse
    :raises Forbidden: the person may not receive goods there
    :raises BadStockLines: no lines, unknown products, or quantities that cannot be; each line is answered
    :raises WarehouseMissing: the company has no warehouse
    :raises PeriodClosed: the books of today's month are closed
    """
    context = document_context(branch_id=branch_id, at=at)
    place_id = warehouse_for(company_id=context.company_id, branch_id=branch_id, warehouse_id=warehouse_id)
    place = warehouse_row(place_id)
    access_of(by).require("stock", "create", place)
    lines = check_lines(company_id=context.company_id, items=items, by_lot=True)
    receipt = Receipt(
        id=new_id(), company_id=context.company_id, warehouse_id=place_id, supplier=supplier, reference=reference,
        received_at=at, received_by=by.id, note=note,
    )  # fmt: skip
    batch = Batch()
    number = add_receipt(
        batch=batch, receipt=receipt, lines=lines, branch_id=place.branch_id, today=context.today,
        currency=context.currency, is_opening=is_opening, by=by.id, at=at,
    )  # fmt: skip
    receipt.number = batch.write()[number]
    return receipt


def add_receipt(
    *,
    batch: Batch,
    receipt: Receipt,
    lines: Sequence[CheckedLine],
    branch_id: UUID,
    today: date,
    currency: str,
    is_opening: bool = False,
    by: UUID | None,
    at: datetime,
) -> Drawn:
    """Add a receipt, its lines, moves, entry and announcement to the batch. Returns the number to be drawn.

    :raises BadStockLines: a lot is new and has no day, or is known with another one; each line is answered
    """
    lots = name_lots(company_id=receipt.company_id, lines=lines, today=today, by=by, at=at)
    ids = [new_id() for _line in lines]
    number = batch.draw(
        company_id=receipt.company_id, kind="receipt", period=str(today.year), prefix=f"RC-{today.year}-"
    )
    row = {column.attname: getattr(receipt, column.attname) for column in Receipt._meta.concrete_fields}
    batch.insert(Receipt, [{**row, "number": number}])
    batch.insert(
        ReceiptLine,
        [
            {
                "id": ids[place - 1], "position": place, "product_id": line.product.id, "quantity": line.quantity,
                "unit_id": line.unit.id, "factor": line.unit.factor, "unit_cost": line.unit_cost,
            }
            for place, line in enumerate(lines, 1)
        ],
        receipt_id=receipt.id,
    )  # fmt: skip
    move_stock(
        batch=batch, company_id=receipt.company_id, warehouse_id=receipt.warehouse_id,
        reason="opening" if is_opening else "receipt", source_kind="receipt", source_id=receipt.id, by=by, at=at,
        booking=Booking(branch_id, today, number, currency), makes_levels=True,
        movements=[
            move
            for line_id, line in zip(ids, lines, strict=True)
            for move in line.movements(lots, line_id=line_id if line.lots else None, unit_cost=line.unit_cost)
        ],
    )  # fmt: skip
    record(
        batch=batch, subject_kind="receipt", subject_id=receipt.id, verb="receive", by=by, at=at,
        company_id=receipt.company_id,
    )  # fmt: skip
    announce(
        batch=batch, event=StockReceived(receipt.id, receipt.warehouse_id), company_id=receipt.company_id, by=by, at=at
    )
    return number
