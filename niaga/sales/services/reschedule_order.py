from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple
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
from niaga.sales.queries.day_loads import LineToLeave, lines_to_leave
from niaga.sales.queries.schedule import WaitingDelivery, waiting_deliveries_of
from niaga.sales.services.check_capacity import check_capacity
from niaga.sales.services.lock_order import lock_order
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
    if line_ids is None:
        move = _all_of_it(order, planned_date, lines, waiting)
    else:
        move = _some_of_it(order, planned_date, lines, waiting, set(line_ids))
    stay = sum((line.day or before) == planned_date for line in lines if line.id not in move.lines)
    overfilled = check_capacity(
        order=order, wanted={planned_date: len(move.lines) + stay}, over=over, reason=reason, by=by,
        today=day_at(at=at, zone=order.branch.zone),
    )  # fmt: skip
    batch = Batch()
    order.planned_date = move.order_day
    batch.update(
        SalesOrder, where={"id": order.id},
        values={"planned_date": order.planned_date, "version": Sql("t.version + 1"), "updated_at": at},
    )  # fmt: skip
    own = None if planned_date == order.planned_date else planned_date
    batch.update(SalesOrderLine, where={"id": Sql("= ANY(%s::uuid[])", (list(move.lines),))}, values={"planned_date": own},
                 expect=None)  # fmt: skip
    move_deliveries(
        batch=batch, deliveries=move.deliveries, company_id=order.company_id,
        planned_date=planned_date, reason=reason.strip()[:200], by=by.id, at=at,
    )  # fmt: skip
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


class _Move(NamedTuple):
    """The day the order has then, the lines that get the new one, the deliveries that go along, what the story says."""

    order_day: date | None
    lines: set[UUID]
    deliveries: list[tuple[UUID, date | None]]
    told: dict[str, Any]


def _all_of_it(order: SalesOrder, day: date, lines: list[LineToLeave], waiting: list[WaitingDelivery]) -> _Move:
    last = max(order.planned_date or day, day)
    goes = {line.id for line in lines if line.day is None or line.day <= last}
    along = [(one.id, one.day) for one in waiting if one.day is None or one.day <= last]
    return _Move(day, goes, along, _told(order, day))


def _some_of_it(
    order: SalesOrder, day: date, lines: list[LineToLeave], waiting: list[WaitingDelivery], chosen: set[UUID]
) -> _Move:
    """The order keeps its day while a line has it, and else has the first of its lines' days."""
    if not chosen:
        raise Invalid(_("Choose at least one line."), field="line")
    if chosen - {line.id for line in lines}:
        raise NotFound(field="line_ids")
    if any(one.lines & chosen and one.lines - chosen for one in waiting):
        raise WrongState(_("A line waits in a delivery with others. Cancel that delivery first, or move them together."))
    had = {line.id: line.day or order.planned_date for line in lines}
    days = [day if line_id in chosen else own for line_id, own in had.items()]
    first = order.planned_date if order.planned_date in days else min(one for one in days if one is not None)
    told = {str(line.position): [str(had[line.id] or ""), str(day)] for line in lines if line.id in chosen}
    along = [(one.id, one.day) for one in waiting if one.lines & chosen]
    header = {} if first == order.planned_date else _told(order, first)
    return _Move(first, chosen, along, header | {"line_days": told})


def _told(order: SalesOrder, day: date | None) -> dict[str, Any]:
    return {"planned_date": [str(order.planned_date or ""), str(day)]}
