from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from niaga.core.clock import today as day_at
from niaga.core.ids import new_id
from niaga.sales.models import BillingCause, RecurringPeriod, RecurringPlan
from niaga.sales.models.billing import BillingWay
from niaga.sales.rules.recurring import span_of
from niaga.sales.services.period_lines import period_lines


def note_recurring(*, at: datetime) -> list[UUID]:
    """A cause for each period whose day has come at its branch, each in a transaction of its own and a plan's in their
    order, so that an outage loses none. Returns those that were never tried, also of a job that died before it
    billed them."""
    due = RecurringPlan.objects.filter(status="active", next_date__lte=(at + timedelta(days=1)).date())
    for plan_id in due.order_by("next_date", "id").values_list("pk", flat=True):
        while _note_next(plan_id, at):
            continue
    fresh = BillingCause.objects.filter(kind=BillingWay.RECURRING, done_at=None, tried_at=None)
    ordered = fresh.order_by("recurring_period__plan_id", "recurring_period__number")
    return list(ordered.values_list("pk", flat=True))


@transaction.atomic
def _note_next(plan_id: UUID, at: datetime) -> bool:
    """The next period of a plan, when it is due; the plan's lock and the period's number make it once."""
    rows = RecurringPlan.objects.select_for_update(of=("self",)).select_related("branch", "company", "customer")
    plan = rows.get(pk=plan_id)
    today = day_at(at=at, zone=plan.branch.zone)
    if plan.status != "active" or plan.next_date is None or plan.next_date > today:
        return False
    span = span_of(plan.rhythm, plan.next_number)
    if span is not None:
        cause = BillingCause.objects.create(
            company_id=plan.company_id, key=f"recurring:{plan.pk}:{span.number}", kind=BillingWay.RECURRING,
            customer_id=plan.customer_id, branch_id=plan.branch_id, salesperson_id=plan.salesperson_id, order_ids=[],
            source_number=plan.name[:60], until=span.last, issues=plan.issues, created_at=at,
        )  # fmt: skip
        RecurringPeriod.objects.create(
            id=new_id(), company_id=plan.company_id, plan=plan, number=span.number, first=span.first, last=span.last,
            bill_date=span.bill_date, days=span.days, whole=span.whole, cause=cause,
            lines=period_lines(plan=plan, span=span, language=plan.customer.language or "id"),
        )  # fmt: skip
    move_on(plan, at=at)
    return True


def move_on(plan: RecurringPlan, *, at: datetime) -> None:
    """Lead a locked plan to its next period; after the last one it is ended."""
    plan.next_number += 1
    span = span_of(plan.rhythm, plan.next_number)
    plan.next_date = span.bill_date if span else None
    plan.status = plan.status if span else "ended"
    plan.save(update_fields=["next_number", "next_date", "status"])
