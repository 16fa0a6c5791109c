"""Plans of reminders, and which companies have one that is on."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from niaga.core.errors import NotFound
from niaga.invoicing.models import ReminderLevel, ReminderPlan
from niaga.organization.access import Actor, access_of


def companies_that_remind() -> Sequence[UUID]:
    return list(
        ReminderPlan.objects.filter(is_active=True)
        .order_by("company_id")
        .values_list("company_id", flat=True)
        .distinct()
    )


def reminder_plans(*, by: Actor) -> QuerySet[ReminderPlan]:
    """Plans of the current company, the one for all others first; with `level_count`.

    :raises Forbidden: the person may not decide on customers' credit
    """
    access = access_of(by)
    access.require("customer", "credit")
    rows = ReminderPlan.objects.filter(company_id=access.current_company.id).select_related("group")
    return rows.annotate(level_count=Count("levels", filter=Q(levels__archived_at=None))).order_by("group__name")


def reminder_plan(*, plan_id: UUID, by: Actor) -> ReminderPlan:
    """With its levels in `steps`, by day.

    :raises NotFound: no such plan
    :raises Forbidden: not for this person
    """
    levels = Prefetch("levels", ReminderLevel.objects.filter(archived_at=None).order_by("days"), to_attr="steps")
    found = reminder_plans(by=by).prefetch_related(levels).filter(pk=plan_id).first()
    if found is None:
        raise NotFound()
    return found
