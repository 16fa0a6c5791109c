"""The milestones of an order, and how far each is."""

from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from niaga.organization.access import Actor
from niaga.sales.models import Milestone, SalesOrder
from niaga.sales.models.billing import BillingWay
from niaga.sales.queries.documents import get_order
from niaga.sales.rules.milestones import expected


class Reached(NamedTuple):
    """`state` is `planned`, `waiting` (refused, with `reason`), `draft` or `invoiced`; `expected` is the invoice's own
    total once there is one."""

    milestone: Milestone
    state: str
    expected: Decimal
    reason: str = ""
    invoice_id: UUID | None = None
    number: str = ""


def milestones_of(*, order: SalesOrder) -> list[Reached]:
    """Those of an order the caller may see; none where it is billed in another way by now. One statement."""
    so = Milestone.objects.filter(order_id=order.pk, order__billing_choice__way=BillingWay.MILESTONE)
    rows = list(so.select_related("cause__invoice").order_by("position"))
    if not rows:
        return []
    sums = expected([(one.percent, one.amount) for one in rows], total=order.total, currency=order.currency)
    return [_reached(one, about) for one, about in zip(rows, sums, strict=True)]


def _reached(one: Milestone, about: Decimal) -> Reached:
    cause = one.cause
    invoice = cause.invoice if cause is not None else None
    if invoice is not None and invoice.status != "discarded":
        state = "draft" if invoice.status == "draft" else "invoiced"
        return Reached(one, state, invoice.total, "", invoice.pk, invoice.number or "")
    if cause is not None and cause.done_at is None:
        return Reached(one, "waiting", about, cause.reason)
    return Reached(one, "planned", about)


def order_of_milestone(*, milestone_id: UUID, by: Actor) -> SalesOrder:
    """:raises NotFound: none, or of an order that `by` may not see"""
    found = Milestone.objects.filter(pk=milestone_id).values_list("order_id", flat=True).first()
    return get_order(order_id=found or milestone_id, by=by)
