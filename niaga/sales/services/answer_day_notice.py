from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import WrongState
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.sales.events import OrderChanged
from niaga.sales.models import DayNotice, SalesOrder
from niaga.sales.services.lock_order import lock_order


@transaction.atomic
def answer_day_notice(*, order_id: UUID, tell: bool, by: Actor, at: datetime) -> SalesOrder:
    """Say whether the customer hears that the days of an order changed, where that is asked; or call off what is
    still to be told by itself.

    :raises NotFound: no such order
    :raises Forbidden: the person may not send orders
    :raises WrongState: nothing is to be told, or it was told meanwhile
    """
    order = lock_order(order_id=order_id, action="send", by=by)
    notice = (
        DayNotice.objects.select_for_update().filter(order_id=order_id, state__in=("asked", "waiting")).first()
    )  # fmt: skip
    if notice is None or (tell and notice.state == "waiting"):
        raise WrongState(_("There is nothing to decide: the customer was told, or is about to be."))
    values = {"state": "waiting", "due_at": at} if tell else {"state": "dropped", "settled_at": at, "settled_by": by.id}
    batch = Batch()
    batch.update(DayNotice, where={"id": notice.pk}, values=values)
    record(
        batch=batch, subject_kind="order", subject_id=order.pk, verb="let_tell_day" if tell else "skip_tell_day",
        by=by.id, at=at, company_id=order.company_id, from_status=order.status, to_status=order.status,
    )  # fmt: skip
    announce(
        batch=batch, event=OrderChanged(order.pk, order.number, order.customer_id, "day_notice"),
        company_id=order.company_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    return order
