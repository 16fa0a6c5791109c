from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record, record_all
from niaga.core.batch import Batch
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import NobodyPicks
from niaga.stock.models import Delivery, PickLine
from niaga.stock.queries.picking import lock_pick_list

AT_ONCE = 10


@transaction.atomic
def take_lines(*, pick_list_id: UUID, by: Actor, at: datetime) -> int:
    """Give the next lines of a pick list, in walking order, to who picks; nobody else can pick them then.

    Who has lines that are not fetched yet gets no more before. Several pick one list at once: what one is taking, the
    other passes over. The deliveries begin to be picked. Returns how many lines the person has to fetch.

    :raises NotFound: no such pick list
    :raises Forbidden: the person may not pick there
    :raises NobodyPicks: a program's token has no hands
    """
    found = lock_pick_list(pick_list_id=pick_list_id, by=by, shared=True)
    access_of(by).require("stock", "record", found)
    if by.id is None:
        raise NobodyPicks()
    mine = PickLine.objects.filter(pick_list_id=found.id, picker_id=by.id, picked=None).count()
    if mine:
        return mine
    free = list(
        PickLine.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pick_list_id=found.id, picker_id=None, picked=None)
        .exclude(delivery_line__delivery__status__in=("shipped", "delivered", "cancelled"))
        .order_by("position")
        .values_list("id", flat=True)[:AT_ONCE]
    )
    if not free:
        return 0
    # One that somebody holds begins with them, or leaves; waiting for it could close a ring with who ships it.
    deliveries = Delivery.objects.select_for_update(skip_locked=True).filter(
        pk__in=PickLine.objects.filter(pk__in=free).values("delivery_line__delivery_id"),
        status="draft",
    )
    begun = list(deliveries.order_by("pk").values_list("pk", flat=True))
    batch = Batch()
    batch.update_each(PickLine, [{"id": key, "picker_id": by.id} for key in free], values={"picker_id": "v.picker_id"})
    batch.sql(
        "begun",
        "UPDATE stock_delivery SET status = 'picking', version = version + 1, updated_at = %s::timestamptz"
        " WHERE id = ANY(%s::uuid[]) AND status = 'draft' RETURNING 1",
        [at, begun],
    )
    record_all(
        batch=batch, subject_kind="delivery", subject_ids=begun, verb="pick", by=by.id, at=at,
        company_id=found.company_id,
    )  # fmt: skip
    record(
        batch=batch, subject_kind="pick_list", subject_id=found.id, verb="take", by=by.id, at=at,
        company_id=found.company_id, data={"lines": len(free)},
    )  # fmt: skip
    batch.write()
    return len(free)
