from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, WrongState
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import ReasonMissing
from niaga.stock.models import Lot, LotBlock, LotLevel
from niaga.stock.queries.warehouses import first_zone
from niaga.stock.services.lock_levels import lock_levels


@transaction.atomic
def block_lot(*, lot_id: UUID, reason: str, is_block: bool = True, by: Actor, at: datetime) -> Lot:
    """Let nobody promise or ship any more of a lot, wherever it lies; without `is_block` let it go again. A lot that
    is past its day stays where it is.

    :raises NotFound: no such lot
    :raises Forbidden: the person may not record stock wherever it lies or lay
    :raises ReasonMissing: no reason was given
    :raises WrongState: it is blocked already, or is not
    """
    lot = Lot.objects.filter(pk=lot_id).first()
    if lot is None or lot.company_id not in access_of(by).company_ids:
        raise NotFound()
    here = LotLevel.objects.filter(lot_id=lot.id).select_related("warehouse")
    for level in here:
        access_of(by).require("stock", "record", level.warehouse)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    # Levels first, as whoever ships does; a lot that comes to a further place meanwhile takes its state from the lot.
    lock_levels(keys=[(level.warehouse_id, lot.product_id) for level in here])
    lot = Lot.objects.select_for_update().get(pk=lot_id)
    if (lot.blocked_at is not None) == is_block:
        raise WrongState()
    is_over = lot.expires_on <= day_at(at=at, zone=first_zone(company_id=lot.company_id, at=at))
    is_barred = is_block or is_over
    said = reason.strip()[:200]
    batch = Batch()
    batch.update(
        Lot, where={"id": lot.id},
        values={
            "is_barred": is_barred, "blocked_at": at if is_block else None, "blocked_by": by.id if is_block else None,
            "block_reason": said if is_block else "", "version": Sql("t.version + 1"),
        },
    )  # fmt: skip
    batch.sql(
        "levels", "UPDATE stock_lotlevel SET is_barred = %s WHERE lot_id = %s::uuid RETURNING 1", [is_barred, lot.id]
    )
    batch.insert(
        LotBlock, [{"id": new_id(), "lot_id": lot.id, "is_block": is_block, "reason": said, "at": at, "by": by.id}]
    )
    record(
        batch=batch, subject_kind="lot", subject_id=lot.id, verb="block" if is_block else "unblock", by=by.id, at=at,
        company_id=lot.company_id, note=said, data={"number": lot.number},
    )  # fmt: skip
    batch.write()
    lot.refresh_from_db()
    return lot
