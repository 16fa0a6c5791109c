from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.core.flow import move
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import BadStockLines, ComesByTransfer, GoesStraight, OverReceived
from niaga.stock.models import ExpectedReceiptLine, Receipt
from niaga.stock.queries.expected import lock_expected
from niaga.stock.rules.count_flow import expected_flow
from niaga.stock.services.check_lines import LotGiven, StockItem, check_lines
from niaga.stock.services.receive_goods import add_receipt


@transaction.atomic
def receive_expected(
    *,
    expected_id: UUID,
    quantities: Mapping[UUID, Decimal] | None = None,
    unit_costs: Mapping[UUID, Decimal] | None = None,
    lots: Mapping[UUID, Sequence[LotGiven]] | None = None,
    is_last: bool = False,
    note: str = "",
    by: Actor,
    at: datetime,
) -> Receipt:
    """Take in what was expected: all that is left, or the named quantities by line, in base units.

    What did not come stays expected, unless `is_last` says that nothing more will.

    :raises NotFound: no such expected receipt, or a named line is not one of it
    :raises Forbidden: the person may not receive goods there
    :raises ComesByTransfer: another warehouse sent the goods
    :raises GoesStraight: the goods go from a supplier straight to a customer
    :raises WrongState: it was received or cancelled
    :raises OverReceived: more came than is left; each such line is answered
    :raises BadStockLines: nothing came, or the `lots` (by line) of goods that are kept by lot are not named
    """
    expected = lock_expected(expected_id)
    access_of(by).require("stock", "create", expected.warehouse)
    if expected.transfer_id is not None:
        raise ComesByTransfer()
    if expected.sent_by_id is not None:
        raise GoesStraight()
    lines = list(ExpectedReceiptLine.objects.filter(expected_id=expected.id).order_by("id"))
    came = {line.id: line.quantity - line.received for line in lines}
    if quantities is not None:
        if set(quantities) - set(came):
            raise NotFound(field="lines")
        over: list[dict[str, Any]] = [
            {"line": place, "line_id": str(line.id), "wanted": quantities[line.id], "available": came[line.id]}
            for place, line in enumerate(lines, 1)
            if not 0 <= quantities.get(line.id, Decimal(0)) <= came[line.id]
        ]
        if over:
            raise OverReceived(lines=over, field="lines")
        came = {line_id: quantities.get(line_id, Decimal(0)) for line_id in came}
    taken = [line for line in lines if came[line.id] > 0]
    if not taken:
        raise BadStockLines(field="lines")
    costs, named = unit_costs or {}, lots or {}
    checked = check_lines(
        company_id=expected.company_id, by_lot=True,
        items=[
            StockItem(
                came[line.id], product_id=line.product_id, unit_cost=costs.get(line.id),
                lots=tuple(named.get(line.id, ()))
            )
            for line in taken
        ],
    )  # fmt: skip
    is_done = is_last or all(line.received + came[line.id] >= line.quantity for line in lines)
    receipt = Receipt(
        id=new_id(), company_id=expected.company_id, warehouse_id=expected.warehouse_id, supplier=expected.supplier,
        reference=expected.reference, expected_id=expected.id, received_at=at, received_by=by.id, note=note,
    )  # fmt: skip
    today = day_at(at=at, zone=expected.warehouse.branch.zone)
    batch = Batch()
    move(
        batch=batch, flow=expected_flow, document=expected, move="receive" if is_done else "receive_part", by=by.id,
        at=at,
    )  # fmt: skip
    batch.update_each(
        ExpectedReceiptLine,
        [{"id": line.id, "received": came[line.id]} for line in taken],
        values={"received": "t.received + v.received"},
    )
    number = add_receipt(
        batch=batch, receipt=receipt, lines=checked, branch_id=expected.warehouse.branch_id, today=today,
        currency=expected.warehouse.company.currency, by=by.id, at=at,
    )  # fmt: skip
    receipt.number = batch.write()[number]
    return receipt
