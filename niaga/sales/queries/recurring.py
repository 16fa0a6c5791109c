"""Recurring plans, what they billed, and what they will bill."""

from uuid import UUID

from django.db.models import QuerySet

from niaga.core.errors import NotFound, StaleVersion
from niaga.organization.access import Actor, access_of
from niaga.sales.models import RecurringPeriod, RecurringPlan


def visible_plans(*, by: Actor) -> QuerySet[RecurringPlan]:
    """The plans of customers and branches whose invoices the person may see."""
    rows = RecurringPlan.objects.filter(access_of(by).filter("invoice", "view"))
    return rows.select_related("customer", "company")


def get_plan(*, plan_id: UUID, by: Actor, lock: bool = False, version: int | None = None) -> RecurringPlan:
    """:raises NotFound: none that the person may see
    :raises StaleVersion: it is no longer the version that was shown
    """
    rows = visible_plans(by=by).filter(pk=plan_id)
    plan = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if plan is None:
        raise NotFound()
    if version is not None and plan.version != version:
        raise StaleVersion()
    return plan


def periods_of(*, plan: RecurringPlan) -> QuerySet[RecurringPeriod]:
    """What was made of a plan, the latest first."""
    return plan.periods.select_related("cause__invoice", "order").order_by("-number")


def state_of(period: RecurringPeriod) -> str:
    """`left_out`, `waiting`, `draft`, `invoiced`, `discarded` or `aside`."""
    cause = period.cause
    if cause is None:
        return "left_out"
    if cause.invoice is not None:
        return {"draft": "draft", "discarded": "discarded"}.get(cause.invoice.status, "invoiced")
    return "waiting" if cause.done_at is None else "aside"


def to_mail() -> list[UUID]:
    """The causes of issued invoices that plans mail and that were not yet, the oldest first."""
    rows = RecurringPeriod.objects.filter(plan__mails=True, mailed_at=None, cause__invoice__status="issued")
    found = rows.order_by("bill_date", "id").values_list("cause_id", flat=True)[:500]
    return [cause_id for cause_id in found if cause_id is not None]
