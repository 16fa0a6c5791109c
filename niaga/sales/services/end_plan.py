from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.errors import WrongState
from niaga.organization.access import Actor, access_of
from niaga.sales.models import RecurringPlan
from niaga.sales.queries.recurring import get_plan
from niaga.sales.services.pause_plan import move_plan


@transaction.atomic
def end_plan(*, plan_id: UUID, reason: str = "", by: Actor, at: datetime) -> RecurringPlan:
    """Bill nothing of it any more, for good. What was billed stays; what waits still waits.

    :raises NotFound: no such plan
    :raises Forbidden: the person may not write its invoices
    :raises WrongState: it is ended already
    """
    plan = get_plan(plan_id=plan_id, by=by, lock=True)
    access_of(by).require("invoice", "create", plan)
    if plan.status == "ended":
        raise WrongState()
    return move_plan(plan, status="ended", verb="end", note=reason[:500], by=by, at=at)
