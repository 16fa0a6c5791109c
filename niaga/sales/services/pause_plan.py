from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import WrongState
from niaga.organization.access import Actor, access_of
from niaga.sales.models import RecurringPlan
from niaga.sales.queries.recurring import get_plan


@transaction.atomic
def pause_plan(*, plan_id: UUID, by: Actor, at: datetime) -> RecurringPlan:
    """Bill no further period until it is resumed.

    :raises NotFound: no such plan
    :raises Forbidden: the person may not write its invoices
    :raises WrongState: it is not active
    """
    plan = get_plan(plan_id=plan_id, by=by, lock=True)
    access_of(by).require("invoice", "create", plan)
    if plan.status != "active":
        raise WrongState()
    return move_plan(plan, status="paused", verb="pause", by=by, at=at)


def move_plan(plan: RecurringPlan, *, status: str, verb: str, note: str = "", by: Actor, at: datetime) -> RecurringPlan:
    """Put a locked plan into a state and say so in the audit."""
    before, plan.status, plan.updated_at = plan.status, status, at
    batch = Batch()
    plan.version += 1
    values = {"status": status, "updated_at": at, "version": plan.version}
    if status == "ended":
        plan.next_date = None
        values["next_date"] = None
    batch.update(RecurringPlan, where={"id": plan.pk}, values=values)
    record(
        batch=batch, subject_kind="recurring_plan", subject_id=plan.pk, verb=verb, by=by.id, at=at,
        company_id=plan.company_id, from_status=before, to_status=status, note=note,
    )  # fmt: skip
    batch.write()
    return plan
