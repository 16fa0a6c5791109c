from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.clock import today as day_at
from niaga.core.errors import WrongState
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.services.post_exposure import post_exposure
from niaga.parties.services.write_timeline import write_timeline
from niaga.pricing.services.give_back_points import give_back_points
from niaga.sales.errors import NothingLeft, NothingStarted
from niaga.sales.events import OrderChanged
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.queries.points import points_returned
from niaga.sales.rules.lines import delivery_progress, invoice_progress
from niaga.sales.services.document_money import in_base
from niaga.sales.services.held_parts import held_parts, to_release
from niaga.sales.services.lock_order import lock_order
from niaga.sales.services.open_amount import open_amount
from niaga.sales.services.promise_waiting import promise_waiting
from niaga.stock.services.release_part import Surplus, release_part


@transaction.atomic
def cancel_rest(*, order_id: UUID, reason: str, by: Actor, at: datetime) -> SalesOrder:
    """Take back what is in no delivery and no invoice yet, and asked of no supplier. What was delivered stays
    delivered, and to be paid.
    Of the points it uses the part of what is taken back comes back.

    :raises NotFound: no such order
    :raises Forbidden: the person may not cancel it
    :raises WrongState: it is not confirmed
    :raises NothingLeft: everything is delivered or invoiced
    :raises NothingStarted: nothing is; the whole order can be cancelled
    """
    order = lock_order(order_id=order_id, action="cancel", by=by)
    if order.status != "confirmed":
        raise WrongState()
    account = lock_credit_account(order.customer_id)
    lines = list(SalesOrderLine.objects.filter(order_id=order.id, product_id__isnull=False).order_by("position"))
    rest: dict[UUID, Decimal] = {}
    for line in lines:
        left = line.quantity - line.cancelled - max(line.in_delivery + line.direct, line.invoiced)
        if left > 0:
            rest[line.id] = left
            line.cancelled += left
    if not rest:
        raise NothingLeft()
    if all(line.in_delivery == line.direct == line.invoiced == 0 for line in lines):
        raise NothingStarted()

    held = held_parts(order_id=order.id)
    exposure = min(in_base(order, open_amount(order, lines)), order.exposure)
    delivered, invoiced = delivery_progress(lines), invoice_progress(lines)
    batch = Batch()
    batch.update_each(
        SalesOrderLine,
        [{"id": line_id, "cancelled": left} for line_id, left in rest.items()],
        values={"cancelled": "t.cancelled + v.cancelled"},
    )
    batch.update(
        SalesOrder, where={"id": order.id},
        values={
            "exposure": exposure, "delivery_progress": delivered, "invoice_progress": invoiced,
            "version": Sql("t.version + 1"), "updated_at": at,
        },
    )  # fmt: skip
    release_part(
        batch=batch,
        parts=[
            Surplus(part.reservation_id, part.product_id, part.warehouse_id, take)
            for part, take in to_release(lines, lines, held)
        ],
    )
    post_exposure(
        batch=batch, account_id=account.account_id, source_kind="order", source_id=order.id,
        orders=exposure - order.exposure, at=at,
    )  # fmt: skip
    record(
        batch=batch, subject_kind="order", subject_id=order.id, verb="cancel_rest", by=by.id, at=at,
        company_id=order.company_id, from_status=order.status, to_status=order.status, note=reason,
        data={
            "lines": [
                {"line": line.position, "description": line.description, "cancelled": rest[line.id]}
                for line in lines
                if line.id in rest
            ]
        },
    )  # fmt: skip
    if order.points_used:
        give_back_points(
            batch=batch, source_id=order.id, used_on_source=order.points_amount,
            returned=points_returned(order_id=order.id, lines=lines), customer_id=order.customer_id,
            subject_kind="order", subject_id=order.id, number=order.number,
            today=day_at(at=at, zone=order.branch.zone), by=by.id, at=at,
        )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=order.customer_id, company_id=order.company_id, kind="order.rest_cancelled",
        subject_kind="order", subject_id=order.id, number=order.number, amount=order.exposure - exposure,
        currency=order.currency, text=reason, actor_id=by.id, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=OrderChanged(order.id, order.number, order.customer_id, "rest_cancelled"),
        company_id=order.company_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    promise_waiting(order=order, at=at)
    order.exposure, order.delivery_progress, order.invoice_progress = exposure, delivered, invoiced
    order.version += 1
    return order
