from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.services.tracked import change_row, write
from niaga.shipping.models import Carrier


@transaction.atomic
def archive_carrier(*, carrier_id: UUID, archived: bool, by: Actor, at: datetime) -> Carrier:
    """Put a carrier away, or take it back. What is on its way with it goes on.

    :raises NotFound: no such carrier
    :raises Forbidden: `by` may not manage settings
    """
    found = Carrier.objects.select_for_update().filter(pk=carrier_id).first()
    if found is None:
        raise NotFound()
    access_of(by).require("setting", "manage", company_id=found.company_id)
    batch = Batch()
    change_row(
        batch=batch, row=found, kind="carrier", values={"archived_at": at if archived else None}, by=by.id, at=at,
        company_id=found.company_id, verb="archive" if archived else "restore",
    )  # fmt: skip
    write(batch)
    return found
