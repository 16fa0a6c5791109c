from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from niaga.core.batch import Batch
from niaga.stock.models import Delivery
from niaga.stock.queries.together import lock_together


class Named(NamedTuple):
    """Who brings a delivery, and under which number."""

    delivery_id: UUID
    carrier: str
    tracking: str


def name_carriers(*, batch: Batch, named: Sequence[Named], at: datetime) -> None:
    """Write on deliveries, and on all that still travel with them, who brings them, as their papers and lists say it;
    the caller has checked access. Locks them, in the order of their ids."""
    by_key = {one.delivery_id: one for one in named}
    found = lock_together(delivery_ids=by_key)
    by_joint = {one.joint_id: by_key[one.id] for one in found if one.joint_id and one.id in by_key}
    batch.update_each(
        Delivery,
        [
            {"id": one.id, "carrier": told.carrier[:80], "tracking": told.tracking[:80]}
            for one in found
            if (told := by_key.get(one.id) or (one.status != "delivered" and by_joint.get(one.joint_id or one.id)))
        ],
        values={"carrier": "v.carrier", "tracking": "v.tracking", "version": "t.version + 1"},
    )
