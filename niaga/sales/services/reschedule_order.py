from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound, WrongState
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.sales.events import OrderChanged
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.queries.day_loads import lines_to_leave
from niaga.sales.queries.schedule import waiting_deliveries_of
from niaga.sales.rules.day_notice import LineDay
from niaga.sales.rules.other_day import move_all, move_some, torn
from niaga.sales.services.check_capacity import check_capacity
from niaga.sales.services.lock_order import lock_order
from niaga.sales.services.note_day_change import note_day_change
from niaga.stock.errors import ReasonMissing
from niaga.stock.services.move_deliveries import move_deliveries


@transaction.atomic
def reschedule_order(
    *,
    order_id: UUID,
    planned_date: date,
    reason: str,
    line_ids: Collection[UUID] | None = None,
    version: int | None = None,
    over: bool = False,
    by: Actor,
    at: datetime,
) -> SalesOrder:
    """Plan a confirmed order for another day, with its reason. Deliveries of it that wait and stand in no route go
    along; lines that had the order's day or an earlier one of their own follow, those with a later one keep it.
    With `line_ids` only those lines get the day; the order's stays while another line has it.

    :raises NotFound: no such order, or a named line is not one of it that is still to leave
    :raises Forbidden: the person may not change it
    :raises StaleVersion: somebody saved since `version`
    :raises WrongState: it is not confirmed, all of it has left, or a named line waits in a delivery with others
    :raises Invalid: the day is over, or no line is named
    :raises DayFull: the warehouse is closed or full on it, and `over` does not say to overfill it
    :raises ReasonMissing: nothing says why
    """
    order = lock_order(order_id=order_id, action="change", by=by, version=version)
    if order.status != "confirmed" or order.delivery_progress == "done":
        raise WrongState(_("Only a confirmed order with something left to deliver can be planned for another day."))
    if planned_date < day_at(at=at, zone=order.branch.zone):
        raise Invalid(_("That day is over. Choose today or a later one."), field="date")
    if not reason.strip():
        raise ReasonMissing(field="reason")
    before = order.planned_date
    lines = lines_to_leave(order.id)
    waiting = waiting_deliveries_of(order.id)
    known: dict[str, Any] = {"before": before, "day": planned_date, "lines": lines, "waiting": waiting}
    if line_ids is None:
        move = move_all(**known)
    else:
        chosen = set(line_ids)
        if not chosen:
            raise Invalid(_("Choose at least one line."), field="line")
        if chosen - {line.id for line in lines}:
            raise NotFound(field="line_ids")
        if torn(waiting, chosen):
            raise WrongState(_("A line waits in a delivery with others. Cancel that delivery, or move them together."))
        move = move_some(**known, chosen=chosen)
    moved = set(move.lines)
    there = [
        line.load for line in lines
        if line.leaves_here and (line.id in moved or (line.day or before) == planned_date)
    ]  # fmt: skip
    overfilled = check_capacity(
        order=order, wanted={planned_date: there} if there else {}, over=over, reason=reason, by=by,
        today=day_at(at=at, zone=order.branch.zone),
    )  # fmt: skip
    batch = Batch()
    order.planned_date = move.order_day
    batch.update(
        SalesOrder, where={"id": order.id},
        values={"planned_date": order.planned_date, "version": Sql("t.version + 1"), "updated_at": at},
    )  # fmt: skip
    own = None if planned_date == order.planned_date else planned_date
    batch.update(
        SalesOrderLine, where={"id": Sql("= ANY(%s::uuid[])", (move.lines,))}, values={"planned_date": own},
        expect=None,
    )  # fmt: skip
    move_deliveries(
        batch=batch, deliveries=move.deliveries, company_id=order.company_id,
        planned_date=planned_date, reason=reason.strip()[:200], by=by.id, at=at,
    )  # fmt: skip
    days = [LineDay(line.id, line.description, line.day or before) for line in lines]
    note_day_change(batch=batch, order=order, before=days, by=by.id, at=at)
    record(
        batch=batch, subject_kind="order", subject_id=order.id, verb="reschedule", by=by.id, at=at,
        company_id=order.company_id, from_status=order.status, to_status=order.status, note=reason.strip()[:200],
        data=move.told | overfilled,
    )  # fmt: skip
    announce(
        batch=batch, event=OrderChanged(order.id, order.number, order.customer_id, "rescheduled"),
        company_id=order.company_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    order.version += 1
    return order
