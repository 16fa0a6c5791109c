from datetime import datetime, timedelta
from uuid import UUID

from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, WrongState
from niaga.sales.models import Milestone
from niaga.sales.models.billing import BillingWay
from niaga.sales.services.note_milestone import note_milestone


def note_due_milestones(*, at: datetime) -> list[UUID]:
    """A cause for each milestone whose day has come at its branch, the first of an order first; each is a transaction
    of its own. A day that was missed is taken up by the next."""
    due = Milestone.objects.filter(
        cause=None, date__lte=(at + timedelta(days=1)).date(), order__status="confirmed",
        order__billing_choice__way=BillingWay.MILESTONE,
    )  # fmt: skip
    noted = []
    for one in due.select_related("order__branch").order_by("order_id", "position"):
        if one.date is None or one.date > day_at(at=at, zone=one.order.branch.zone):
            continue
        try:
            noted.append(note_milestone(milestone_id=one.pk, at=at))
        except (NotFound, WrongState):  # changed in this moment
            continue
    return noted
