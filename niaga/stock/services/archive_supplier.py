from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.models import Supplier


@transaction.atomic
def archive_supplier(*, supplier_id: UUID, archived: bool, by: Actor, at: datetime) -> Supplier:
    """Put a supplier away, or take one back. What they were asked for goes on; nothing new is asked of them.

    :raises NotFound: no such supplier
    :raises Forbidden: the person may not change products
    """
    supplier = Supplier.objects.select_for_update().filter(pk=supplier_id).first()
    if supplier is None:
        raise NotFound()
    access_of(by).require("product", "change", company_id=supplier.company_id)
    if (supplier.archived_at is not None) == archived:
        return supplier
    supplier.archived_at = at if archived else None
    supplier.version += 1
    supplier.save(update_fields=["archived_at", "version"])
    batch = Batch()
    record(
        batch=batch, subject_kind="supplier", subject_id=supplier.id, verb="archive" if archived else "restore",
        by=by.id, at=at, company_id=supplier.company_id,
    )  # fmt: skip
    batch.write()
    return supplier
