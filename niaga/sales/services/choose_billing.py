from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, WrongState
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.sales.errors import BilledAlready
from niaga.sales.events import BillingChanged
from niaga.sales.models import BillingChoice
from niaga.sales.models.billing import BY_RULE, BillingPeriod, BillingWay
from niaga.sales.queries.billing import is_billed
from niaga.sales.services.lock_order import lock_order


@transaction.atomic
def choose_billing(
    *, order_id: UUID, way: str, period: str = "", issues: bool = False, by: Actor, at: datetime
) -> BillingChoice:
    """Say how this order is billed, whatever the rule of its customer says. An empty `way` leaves it to that rule
    again. It holds at once, also for what was confirmed or delivered before.

    :raises NotFound: no such order
    :raises Forbidden: the person may not write its invoices, or not issue them where they are issued at once
    :raises Invalid: no such way, or a period is missing
    :raises WrongState: the order is closed or cancelled
    :raises BilledAlready: something of it is in an invoice
    """
    order = lock_order(order_id=order_id, action="view", by=by)
    access_of(by).require("invoice", "create", order)
    if way and way not in BY_RULE:
        raise Invalid(_("Choose when the order is billed."), field="way")
    if way == BillingWay.PERIOD and period not in BillingPeriod.values:
        raise Invalid(_("Choose the period."), field="period")
    issues = issues and way not in ("", BillingWay.BY_HAND)
    if issues:
        access_of(by).require("invoice", "issue", order)
    if order.status not in ("draft", "confirmed"):
        raise WrongState()
    if is_billed(order_id=order.pk):
        raise BilledAlready()
    period = period if way == BillingWay.PERIOD else ""
    choice, _is_new = BillingChoice.objects.update_or_create(
        order_id=order.pk, company_id=order.company_id,
        defaults={"way": way, "period": period, "issues": issues, "updated_at": at},
    )  # fmt: skip
    batch = Batch()
    record(
        batch=batch, subject_kind="order", subject_id=order.pk, verb="choose_billing", by=by.id, at=at,
        company_id=order.company_id, data={"way": way, "period": period, "issues": issues},
    )  # fmt: skip
    announce(batch=batch, event=BillingChanged(order.pk, order.number), company_id=order.company_id, by=by.id, at=at)
    batch.write()
    return choice
