from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound, WrongState
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.returns.errors import GoesToSupplier, MoreThanAnnounced, NothingToReturn
from niaga.returns.models import Return, ReturnLine, ReturnReceipt, ReturnReceiptLine
from niaga.returns.queries.contents import taken_back
from niaga.returns.services.come_in import go_on, take_in
from niaga.returns.services.lock_return import lock_return


@transaction.atomic
def receive_return(
    *,
    return_id: UUID,
    quantities: Mapping[UUID, Decimal],
    lots: Mapping[UUID, str] | None = None,
    is_last: bool = False,
    note: str = "",
    unannounced: str = "",
    by: Actor,
    at: datetime,
) -> Return:
    """Take in what came, by return line in its unit: on hand at the cost it left with (without a document at
    the average there is), held until it is inspected.

    When all came, or with `is_last` nothing more will, the return can be inspected. What came though nobody announced
    it is noted in words; it is not ours.

    :raises NotFound: no such return, or a named line is not one of it
    :raises Forbidden: the person may not receive
    :raises WrongState: it is not authorized, or a claim
    :raises GoesToSupplier: the customer sends it straight to a supplier
    :raises NothingToReturn: nothing came, and more is waited for
    :raises MoreThanAnnounced: more came than was announced; each such line is answered
    :raises OtherLot: of what is kept by lot, a lot that did not leave with the line is named in `lots`, or none where
        there were several; each line is answered
    :raises PeriodClosed: the books of today's month are closed
    """
    rma = lock_return(return_id=return_id, action="receive", by=by)
    if rma.status != "authorized" or rma.kind != "goods":
        raise WrongState()
    if rma.supplier_id is not None:
        raise GoesToSupplier()
    found = ReturnLine.objects.filter(rma_id=rma.id).select_related("product").order_by("position")
    lines = {line.id: line for line in found}
    if set(quantities) - set(lines):
        raise NotFound(field="lines")
    if any(quantity < 0 for quantity in quantities.values()):
        raise Invalid(field="lines")
    came = {line_id: quantity for line_id, quantity in quantities.items() if quantity}
    over = [
        {"line": line.position, "line_id": str(line.id), "wanted": came[line.id],
         "available": line.quantity - line.received, "description": line.description}
        for line in lines.values()
        if came.get(line.id, Decimal(0)) > line.quantity - line.received
    ]  # fmt: skip
    if over:
        raise MoreThanAnnounced(lines=over, field="lines")
    if not came and (not is_last or not any(line.received for line in lines.values())):
        raise NothingToReturn(field="lines")

    batch = Batch()
    receipt_id = new_id()
    goods = taken_back([lines[line_id] for line_id in came], came, lots)
    batch.insert(
        ReturnReceipt,
        [{"id": receipt_id, "rma_id": rma.id, "note": note.strip()[:2000], "unannounced": unannounced.strip()[:2000],
          "is_last": is_last, "by": by.id, "at": at}],
    )  # fmt: skip
    costs = {one.line_id: one.unit_cost for one in goods}
    batch.insert(
        ReturnReceiptLine,
        [{"id": new_id(), "line_id": line_id, "quantity": quantity, "unit_cost": costs.get(line_id)}
         for line_id, quantity in came.items()],
        receipt_id=receipt_id,
    )  # fmt: skip
    done = is_last or all(line.received + came.get(line.id, Decimal(0)) == line.quantity for line in lines.values())
    batch.update_each(
        ReturnLine,
        [{"id": line_id, "came": came.get(line_id, Decimal(0))} for line_id in lines],
        values={"received": "t.received + v.came", **({"held": "t.received + v.came"} if done else {})},
    )
    take_in(batch=batch, rma=rma, goods=goods, lines=lines, by=by, at=at)
    go_on(batch=batch, rma=rma, is_done=done, part_verb="receive_part", note=unannounced, by=by, at=at)
    batch.write()
    return rma
