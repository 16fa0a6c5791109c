from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, WrongState
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.sales.errors import BilledAlready
from niaga.sales.models import BillingChoice, Milestone, SalesOrder
from niaga.sales.models.billing import BillingWay
from niaga.sales.queries.billing import is_billed
from niaga.sales.rules.milestones import LONGEST_NAME, MOST, BadMilestones, Part, check_milestones
from niaga.sales.services.lock_order import lock_order

FAULTS = {
    "too_few": _("Write at least two milestones."),
    "too_many": _("At most %(most)s milestones are possible."),
    "unnamed": _("Each milestone needs a name of at most %(longest)s characters."),
    "mixed": _("Milestones are all percentages or all amounts."),
    "not_positive": _("The part of a milestone is above zero."),
    "too_fine": _("The part of a milestone has too many decimals."),
    "too_far": _("The day of a milestone is too far away."),
    "differs": _("The milestones do not add up to the order: percentages to 100, amounts to its total."),
}


@transaction.atomic
def plan_milestones(
    *, order_id: UUID, parts: Sequence[Part], issues: bool = False, by: Actor, at: datetime
) -> SalesOrder:
    """Bill this order by milestones, whatever the rule of its customer says, in the place of those planned before.

    :raises NotFound: no such order
    :raises Forbidden: the person may not write its invoices, or not issue them where they are issued at once
    :raises Invalid: the milestones do not make the order, or one cannot be read
    :raises WrongState: the order is closed or cancelled
    :raises BilledAlready: something of it is in an invoice, or a milestone is
    """
    order = lock_order(order_id=order_id, action="view", by=by)
    access_of(by).require("invoice", "create", order)
    if issues:
        access_of(by).require("invoice", "issue", order)
    if order.status not in ("draft", "confirmed"):
        raise WrongState()
    if is_billed(order_id=order.pk):
        raise BilledAlready()
    try:
        check_milestones(parts, total=order.total, currency=order.currency)
    except BadMilestones as bad:
        text = str(FAULTS[bad.code]) % {"most": MOST, "longest": LONGEST_NAME}
        raise Invalid(text, field="parts") from bad
    BillingChoice.objects.update_or_create(
        order_id=order.pk, company_id=order.company_id,
        defaults={"way": BillingWay.MILESTONE, "period": "", "issues": issues, "updated_at": at},
    )  # fmt: skip
    batch = Batch()
    batch.sql("gone", "DELETE FROM sales_milestone WHERE order_id = %s::uuid RETURNING 1", [order.pk])
    batch.insert(
        Milestone,
        [
            {
                "id": new_id(), "company_id": order.company_id, "order_id": order.pk, "position": place,
                "name": part.name.strip(), "percent": part.percent, "amount": part.amount, "date": part.date,
                "cause_id": None,
            }
            for place, part in enumerate(parts, 1)
        ],
    )  # fmt: skip
    record(
        batch=batch, subject_kind="order", subject_id=order.pk, verb="plan_milestones", by=by.id, at=at,
        company_id=order.company_id, data={"count": len(parts), "issues": issues},
    )  # fmt: skip
    batch.write()
    return order
