from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, WrongState
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.sales.errors import AlreadyAsked, NotHeld
from niaga.sales.events import OrderChanged
from niaga.sales.models import CreditRequest, SalesOrder
from niaga.sales.queries.credit import open_requests, standing_of, with_standing
from niaga.sales.services.document_money import in_base
from niaga.sales.services.lock_order import lock_order


@transaction.atomic
def ask_release(
    *, order_id: UUID, amount: Decimal | None = None, note: str = "", by: Actor, at: datetime
) -> CreditRequest:
    """Ask finance to let an order by that its customer's credit holds: a draft to be confirmed, or a confirmed one to
    be amended up to `amount`, its new total.

    :raises NotFound: no such order
    :raises Forbidden: the person may not confirm it
    :raises WrongState: it is closed or cancelled
    :raises Invalid: a confirmed order with no amount above its total, or an amount below a draft's total
    :raises RateMissing: a draft in another currency, of which no rate is known
    :raises AlreadyAsked: finance has not decided about an earlier request
    :raises NotHeld: nothing stands against it
    """
    order = lock_order(order_id=order_id, action="confirm", by=by)
    if order.status not in ("draft", "confirmed"):
        raise WrongState()
    draft = order.status == "draft"
    wanted = order.total if amount is None else amount
    if wanted < order.total or (not draft and wanted == order.total):
        raise Invalid(_("Ask for what the order shall come to: more than it is now."), field="amount")
    more = in_base(order, wanted if draft else wanted - order.total)
    return ask(order, "confirm" if draft else "amend", None, wanted, more, note, by, at)


def ask(
    order: SalesOrder, stage: str, delivery_id: UUID | None, amount: Decimal, more: Decimal, note: str, by: Actor,
    at: datetime,
) -> CreditRequest:  # fmt: skip
    today = day_at(at=at, zone=order.branch.zone)
    standing = standing_of(with_standing(SalesOrder.objects.filter(pk=order.pk)).get(), today=today)
    if not standing.waits(more=more, total=amount):
        raise NotHeld()
    same = Q(order_id=order.pk, stage=stage, amount__gte=amount)
    if open_requests().filter(same, Q(delivery_id=delivery_id) if delivery_id else Q()).exists():
        raise AlreadyAsked()
    findings = Findings()
    values = check_values(CreditRequest, {"amount": amount, "note": note.strip()[:1000]}, findings=findings)
    findings.raise_if_any()
    request = CreditRequest(
        id=new_id(), company_id=order.company_id, order_id=order.pk, customer_id=order.customer_id,
        delivery_id=delivery_id, stage=stage, currency=order.currency, asked_by_id=by.id, at=at, **values,
    )  # fmt: skip
    batch = Batch()
    batch.insert(
        CreditRequest, [{column.attname: getattr(request, column.attname) for column in request._meta.concrete_fields}]
    )
    record(
        batch=batch, subject_kind="order", subject_id=order.pk, verb="ask_release", by=by.id, at=at,
        company_id=order.company_id, from_status=order.status, to_status=order.status, note=request.note,
        data={"stage": stage, "amount": amount, "limit": standing.figures.limit,
              "exposure": standing.figures.exposure, "waits": [str(one) for one in standing.holds(more)]},
    )  # fmt: skip
    announce(
        batch=batch, event=OrderChanged(order.pk, order.number, order.customer_id, "release_asked"),
        company_id=order.company_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    return request
