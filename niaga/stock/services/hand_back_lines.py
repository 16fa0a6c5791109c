from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.organization.access import Actor, access_of
from niaga.stock.models import PickLine
from niaga.stock.queries.picking import lock_pick_list


@transaction.atomic
def hand_back_lines(*, pick_list_id: UUID, everyones: bool = False, by: Actor, at: datetime) -> int:
    """Let others pick what a person took and did not fetch; `everyones` of all who pick the list, for who may cancel.

    Returns how many lines are free again.

    :raises NotFound: no such pick list
    :raises Forbidden: the person may not pick there, or not take lines away from others
    """
    found = lock_pick_list(pick_list_id=pick_list_id, by=by)
    access_of(by).require("stock", "cancel" if everyones else "record", found)
    rows = PickLine.objects.filter(pick_list_id=found.id, picked=None, picker_id__isnull=False)
    if not everyones:
        rows = rows.filter(picker_id=by.id)
    count: int = rows.update(picker_id=None)
    if count:
        batch = Batch()
        record(
            batch=batch, subject_kind="pick_list", subject_id=found.id, verb="hand_back", by=by.id, at=at,
            company_id=found.company_id, data={"lines": count},
        )  # fmt: skip
        batch.write()
    return count
