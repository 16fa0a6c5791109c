from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.models import Vehicle


@transaction.atomic
def archive_vehicle(*, vehicle_id: UUID, archived: bool, by: Actor, at: datetime) -> Vehicle:
    """Put a vehicle away, or take it back; routes that name it keep it.

    :raises NotFound: no such vehicle
    :raises Forbidden: the person may not manage settings
    """
    vehicle = Vehicle.objects.select_for_update().filter(pk=vehicle_id).first()
    if vehicle is None:
        raise NotFound()
    access_of(by).require("setting", "manage", company_id=vehicle.company_id)
    if (vehicle.archived_at is not None) == archived:
        return vehicle
    vehicle.archived_at = at if archived else None
    vehicle.save(update_fields=["archived_at"])
    batch = Batch()
    record(
        batch=batch, subject_kind="vehicle", subject_id=vehicle.id, verb="archive" if archived else "restore",
        by=by.id, at=at, company_id=vehicle.company_id,
    )  # fmt: skip
    batch.write()
    return vehicle
