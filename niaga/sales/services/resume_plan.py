from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.clock import today as day_at
from niaga.core.errors import WrongState
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.sales.models import RecurringPeriod, RecurringPlan
from niaga.sales.queries.recurring import get_plan
from niaga.sales.rules.recurring import span_of
from niaga.sales.services.note_recurring import move_on
from niaga.sales.services.pause_plan import move_plan


@transaction.atomic
def resume_plan(*, plan_id: UUID, by: Actor, at: datetime) -> RecurringPlan:
    """Bill again. Periods whose day went by while it was paused are left out; each keeps its number.

    :raises NotFound: no such plan
    :raises Forbidden: the person may not write its invoices
    :raises WrongState: it is not paused
    """
    plan = get_plan(plan_id=plan_id, by=by, lock=True)
    access_of(by).require("invoice", "create", plan)
    if plan.status != "paused":
        raise WrongState()
    today = day_at(at=at, zone=plan.branch.zone)
    gone = []
    while plan.status != "ended" and plan.next_date is not None and plan.next_date < today:
        span = span_of(plan.rhythm, plan.next_number)
        assert span is not None
        gone.append(
            RecurringPeriod(
                id=new_id(), company_id=plan.company_id, plan=plan, number=span.number, first=span.first,
                last=span.last, bill_date=span.bill_date, days=span.days, whole=span.whole, lines=[],
            )
        )  # fmt: skip
        move_on(plan, at=at)
    RecurringPeriod.objects.bulk_create(gone)
    return move_plan(plan, status="ended" if plan.next_date is None else "active", verb="resume", by=by, at=at)
