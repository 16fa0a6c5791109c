from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.approvals.services.drop_waiting import drop_waiting
from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.clock import today as day_at
from niaga.core.errors import WrongState
from niaga.organization.access import Actor
from niaga.returns.errors import NotOfThisOrder
from niaga.returns.models import Return, ReturnLine
from niaga.returns.queries.room import fit_to_order
from niaga.returns.services.lock_return import lock_return
from niaga.returns.services.request_return import verdicts_of
from niaga.sales.queries.documents import get_order
from niaga.sales.queries.returnable import lock_sold

OPEN = ("requested", "authorized", "received", "inspected")


@transaction.atomic
def link_return(*, return_id: UUID, order_id: UUID, by: Actor, at: datetime) -> Return:
    """The order of goods that came without a document was found: from now on this is a return of it, credited as it
    was sold, with its tax, and it counts against what was shipped. Each line becomes one of the order's, of the same
    product in the same unit. The goods keep what they were worth when they came. A request for a yes is dropped.

    :raises NotFound: no such return or order
    :raises Forbidden: the person may not ask for returns, or not see the order
    :raises WrongState: it is of an order already, or ended; or the order is not confirmed
    :raises NotOfThisOrder: another customer's or in another currency, or some goods are not of it, or no more of them
        can come back; each such line is answered
    """
    get_order(order_id=order_id, by=by)
    order = lock_sold(order_id)
    rma = lock_return(return_id=return_id, action="create", by=by)
    if not rma.without_document or rma.status not in OPEN or order.status not in ("confirmed", "closed"):
        raise WrongState()
    if (order.customer_id, order.company_id, order.currency) != (rma.customer_id, rma.company_id, rma.currency):
        raise NotOfThisOrder(_("This order is another customer's, or in another currency."), field="order_id")
    lines = list(ReturnLine.objects.filter(rma_id=rma.pk).order_by("position"))
    chosen, lacking = fit_to_order(lines, order.pk)
    if lacking:
        raise NotOfThisOrder(
            lines=[
                {"line": line.position, "line_id": str(line.pk), "description": line.description, "wanted": line.held,
                 "available": max(lacking[line.pk], Decimal(0))}
                for line in lines if line.pk in lacking
            ],
            field="order_id",
        )  # fmt: skip
    batch = Batch()
    if rma.status == "requested":
        today = day_at(at=at, zone=order.branch.zone)
        rows = [
            {"order_line_id": chosen[line.pk].pk, "reason_id": line.reason_id, "condition": line.condition}
            for line in lines
        ]
        verdicts = verdicts_of(order, rows, {one.pk: one for one in chosen.values()}, today)
    else:
        verdicts = [line.verdict for line in lines]
    outside = rma.outside_policy if rma.status != "requested" else not all(one["fits"] for one in verdicts)
    batch.update(
        Return, where={"id": rma.pk},
        values={
            "order_id": order.pk, "order_number": order.number, "salesperson_id": order.salesperson_id,
            "outside_policy": outside, "version": Sql("t.version + 1"), "updated_at": at,
        },
    )  # fmt: skip
    batch.update_each(
        ReturnLine,
        [
            {"id": line.pk, "order_line_id": chosen[line.pk].pk, "verdict": verdict}
            for line, verdict in zip(lines, verdicts, strict=True)
        ],
        values={"order_line_id": "v.order_line_id", "verdict": "v.verdict"},
    )
    drop_waiting(batch=batch, subject_kind="return", subject_ids=[rma.pk], at=at)
    record(
        batch=batch, subject_kind="return", subject_id=rma.pk, verb="link", by=by.id, at=at, company_id=rma.company_id,
        data={"order": order.number},
    )  # fmt: skip
    batch.write()
    rma.order_id, rma.order_number, rma.outside_policy = order.pk, order.number, outside
    return rma
