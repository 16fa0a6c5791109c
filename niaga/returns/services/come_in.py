from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.clock import today as day_at
from niaga.core.flow import move
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.parties.services.write_timeline import write_timeline
from niaga.returns.events import ReturnReceived
from niaga.returns.models import Return, ReturnLine
from niaga.returns.rules.return_flow import return_flow
from niaga.stock.services.move_stock import Booking
from niaga.stock.services.take_back_goods import TakenBack, take_back_goods


def take_in(
    *, batch: Batch, rma: Return, goods: Sequence[TakenBack], lines: Mapping[UUID, ReturnLine], by: Actor, at: datetime
) -> None:
    """What came to our warehouse: on hand at the cost it left with, held until it is inspected; and told of."""
    if goods:
        take_back_goods(
            batch=batch, company_id=rma.company_id, warehouse_id=rma.warehouse_id, source_kind="return",
            source_id=rma.id, goods=goods, by=by.id, at=at,
            booking=Booking(rma.branch_id, day_at(at=at, zone=rma.branch.zone), rma.number or "", rma.company.currency),
        )  # fmt: skip
    told = tuple(
        {"order_line_id": str(lines[one.line_id].order_line_id or ""), "product_id": str(one.product_id),
         "quantity": str(one.base)} for one in goods
    )  # fmt: skip
    announce(
        batch=batch, event=ReturnReceived(rma.id, rma.number or "", rma.customer_id, rma.order_id, told),
        company_id=rma.company_id, by=by.id, at=at,
    )  # fmt: skip


def go_on(*, batch: Batch, rma: Return, is_done: bool, part_verb: str, note: str, by: Actor, at: datetime) -> None:
    """All has come, so that the return can be inspected or settled; else `part_verb` says in its story what did."""
    if is_done:
        move(
            batch=batch, flow=return_flow, document=rma, move="receive", by=by.id, at=at, note=note.strip(),
            values={"received_at": at},
        )  # fmt: skip
    else:
        batch.update(Return, where={"id": rma.id}, values={"version": Sql("t.version + 1"), "updated_at": at})
        record(
            batch=batch, subject_kind="return", subject_id=rma.id, verb=part_verb, by=by.id, at=at,
            company_id=rma.company_id, note=note.strip(),
        )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=rma.customer_id, company_id=rma.company_id, kind="return.received",
        subject_kind="return", subject_id=rma.id, number=rma.number or "", actor_id=by.id, at=at,
    )  # fmt: skip
