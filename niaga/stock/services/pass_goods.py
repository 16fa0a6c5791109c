from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from niaga.core.audit import record
from niaga.core.batch import Batch, Drawn
from niaga.core.flow import move
from niaga.core.ids import new_id
from niaga.core.money import round_amount
from niaga.ledger.rules.postings import stock_postings
from niaga.ledger.services.post_entry import post_entry
from niaga.stock.models import (
    Delivery,
    DeliveryLine,
    ExpectedReceipt,
    ExpectedReceiptLine,
    Receipt,
    ReceiptLine,
    StockMove,
)
from niaga.stock.rules.count_flow import expected_flow
from niaga.stock.services.check_lines import CheckedLine
from niaga.stock.services.name_lots import Named, name_lots


class Passing(NamedTuple):
    """A line of what a supplier sent: `goods` in the order line's unit, worth `unit_cost` a base unit.

    `delivery_line_id` is made by the caller so that it can link to it.
    """

    expected_line_id: UUID
    delivery_line_id: UUID
    goods: CheckedLine
    unit_cost: Decimal
    description: str


@dataclass(frozen=True, slots=True)
class Journey:
    """To whom, for which document, and how."""

    branch_id: UUID
    customer_id: UUID
    salesperson_id: UUID | None
    source_number: str
    address: Mapping[str, Any]
    carrier: str
    tracking: str
    reference: str
    note: str


def pass_goods(
    *,
    batch: Batch,
    expected: ExpectedReceipt,
    passing: Sequence[Passing],
    journey: Journey,
    is_done: bool,
    today: date,
    currency: str,
    by: UUID | None,
    at: datetime,
) -> tuple[UUID, UUID, Drawn]:
    """Add a receipt and a delivery of the same goods to the batch: they came from a supplier and left for a customer at
    this moment, and were never here. Returns the ids of receipt and delivery, and the delivery's number to be drawn.

    Both are worth what the supplier takes, whatever the average of goods on hand: neither a level nor an average moves.
    The books hold a receipt and a cost of sales as for any other delivery. Who calls announces `DeliveryShipped` when
    the number is known.

    :raises BadStockLines: a lot is new and has no day, or is known with another one; each line is answered
    :raises WrongState: what was expected is over
    :raises PeriodClosed: when the batch is written, the books of today's month are closed
    """
    lots = name_lots(company_id=expected.company_id, lines=[one.goods for one in passing], today=today, by=by, at=at)
    receipt_id, delivery_id = new_id(), new_id()
    move(
        batch=batch, flow=expected_flow, document=expected, move="receive" if is_done else "receive_part", by=by, at=at
    )
    batch.update_each(
        ExpectedReceiptLine,
        [{"id": one.expected_line_id, "received": one.goods.base} for one in passing],
        values={"received": "t.received + v.received"},
    )
    company_id, year = expected.company_id, today.year
    number = batch.draw(company_id=company_id, kind="delivery", period=str(year), prefix=f"DO-{year}-")
    receipt_number = batch.draw(company_id=company_id, kind="receipt", period=str(year), prefix=f"RC-{year}-")
    batch.insert(
        Delivery,
        [
            {
                "id": delivery_id, "company_id": company_id, "branch_id": journey.branch_id,
                "warehouse_id": expected.warehouse_id, "number": number, "status": "shipped",
                "customer_id": journey.customer_id, "salesperson_id": journey.salesperson_id, "source_kind": "order",
                "source_number": journey.source_number, "address": journey.address, "carrier": journey.carrier,
                "tracking": journey.tracking, "note": journey.note, "created_by": by, "created_at": at,
                "updated_at": at, "shipped_at": at, "shipped_date": today,
            }
        ],
    )  # fmt: skip
    batch.insert(
        Receipt,
        [
            {
                "id": receipt_id, "company_id": company_id, "warehouse_id": expected.warehouse_id,
                "number": receipt_number, "supplier": expected.supplier, "reference": journey.reference,
                "expected_id": expected.id, "received_at": at, "received_by": by, "note": journey.note,
            }
        ],
    )  # fmt: skip
    value = _lines(batch, passing, lots, receipt_id, delivery_id, expected, currency, by, at)
    for kind, key, drawn, postings in (
        ("receipt", receipt_id, receipt_number, stock_postings(reason="receipt", came=value)),
        ("delivery", delivery_id, number, stock_postings(reason="shipment", went=value)),
    ):
        post_entry(
            batch=batch, company_id=company_id, branch_id=journey.branch_id, date=today, source_kind=kind,
            source_id=key, number=drawn, currency=currency, postings=postings, customer_id=None, by=by, at=at,
        )  # fmt: skip
        record(
            batch=batch, subject_kind=kind, subject_id=key, verb="receive" if kind == "receipt" else "ship", by=by,
            at=at, company_id=company_id, to_status="" if kind == "receipt" else "shipped",
        )  # fmt: skip
    return receipt_id, delivery_id, number


def _lines(
    batch: Batch,
    passing: Sequence[Passing],
    lots: Named,
    receipt_id: UUID,
    delivery_id: UUID,
    expected: ExpectedReceipt,
    currency: str,
    by: UUID | None,
    at: datetime,
) -> Decimal:
    """Add the lines of both papers and the moves in and out. Returns what all of it is worth."""
    receipt_lines, delivery_lines, moves = [], [], []
    worth = Decimal(0)
    for place, one in enumerate(passing, 1):
        goods, line_id = one.goods, new_id()
        shared = {
            "position": place, "product_id": goods.product.id, "quantity": goods.quantity, "unit_id": goods.unit.id,
            "factor": goods.unit.factor, "unit_cost": one.unit_cost,
        }  # fmt: skip
        receipt_lines.append({**shared, "id": line_id})
        delivery_lines.append({**shared, "id": one.delivery_line_id, "description": one.description})
        taken = Decimal(0)
        for moved in goods.movements(lots):
            taken += moved.quantity
            value = round_amount(one.unit_cost * taken, currency) - round_amount(
                one.unit_cost * (taken - moved.quantity), currency
            )
            worth += value
            same = {"product_id": goods.product.id, "unit_cost": one.unit_cost, "lot_id": moved.lot_id}
            moves += [
                {**same, "id": new_id(), "quantity": moved.quantity, "value": value, "reason": "receipt",
                 "source_kind": "receipt", "source_id": receipt_id, "line_id": line_id},
                {**same, "id": new_id(), "quantity": -moved.quantity, "value": -value, "reason": "shipment",
                 "source_kind": "delivery", "source_id": delivery_id, "line_id": one.delivery_line_id},
            ]  # fmt: skip
    batch.insert(ReceiptLine, receipt_lines, receipt_id=receipt_id)
    batch.insert(DeliveryLine, delivery_lines, delivery_id=delivery_id)
    batch.insert(StockMove, moves, company_id=expected.company_id, warehouse_id=expected.warehouse_id, at=at, by=by)
    return worth
