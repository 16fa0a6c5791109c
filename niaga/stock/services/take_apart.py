from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.errors import NotFound, WrongState
from niaga.organization.access import Actor, access_of
from niaga.stock.models import Delivery
from niaga.stock.queries.together import OPEN, lock_together
from niaga.stock.services.leave_joint import leave_joint


@transaction.atomic
def take_apart(
    *, joint_id: UUID, delivery_ids: Collection[UUID] | None = None, by: Actor, at: datetime
) -> None:  # fmt: skip
    """Take the named deliveries, or all, out of a joint delivery before it leaves. Routes and pick lists stay.

    :raises NotFound: no such joint delivery, or a named one is not in it
    :raises Forbidden: the person may not change one of its deliveries
    :raises WrongState: it has left
    """
    first = Delivery.objects.filter(joint_id=joint_id).order_by("pk").values_list("pk", flat=True).first()
    if first is None:
        raise NotFound()
    members = [one for one in lock_together(delivery_ids=[first]) if one.joint_id == joint_id]
    ids = {one.id for one in members}
    leaving = ids if delivery_ids is None else set(delivery_ids)
    if not members or leaving - ids:
        raise NotFound(field="delivery_ids")
    for one in members:
        access_of(by).require("delivery", "change", one)
    if any(one.status not in OPEN for one in members):
        raise WrongState()
    leave_joint(members=members, leaving=leaving, by=by.id, at=at)
