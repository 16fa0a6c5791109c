from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.clock import today as day_at
from niaga.organization.access import Actor, access_of
from niaga.shipping.errors import BadVisit
from niaga.shipping.services.check_visit import require_on_its_way
from niaga.stock.queries.together import lock_together
from niaga.stock.services.note_carrier import note_carrier


@transaction.atomic
def plan_next_try(*, delivery_id: UUID, next_date: date, by: Actor, at: datetime) -> date:
    """Say on which day goods go out again whose driver came in vain: they show up on the phone of who drives them.

    :raises NotFound: no such delivery
    :raises Forbidden: the person may not change it
    :raises CalledOff, ArrivedAlready, NotLoaded: it was cancelled, has arrived, or is not on its way
    :raises BadVisit: the day is over
    """
    members = lock_together(delivery_ids=[delivery_id])  # all that the verb below locks, before any of it
    delivery = next(one for one in members if one.id == delivery_id)
    access_of(by).require("delivery", "change", delivery)
    require_on_its_way(delivery)
    if next_date < day_at(at=at, zone=delivery.branch.zone):
        raise BadVisit(_("The next try cannot be in the past."), field="next_date")
    note_carrier(
        delivery_id=delivery.id, carrier=delivery.carrier, tracking=delivery.tracking, note=delivery.note,
        planned_date=next_date, by=by, at=at,
    )  # fmt: skip
    return next_date
