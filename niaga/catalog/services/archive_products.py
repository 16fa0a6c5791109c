from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.catalog.models import Product
from niaga.core.audit import record_all
from niaga.core.batch import Batch
from niaga.organization.access import Actor, access_of


@transaction.atomic
def archive_products(*, product_ids: Sequence[UUID], by: Actor, at: datetime) -> int:
    """Put several products of the current company away; those put away already are left. Says how many.

    :raises Forbidden: `by` may not archive products
    """
    access = access_of(by)
    access.require("product", "archive")
    company_id = access.current_company.id
    rows = Product.objects.select_for_update().filter(company_id=company_id, pk__in=product_ids, archived_at=None)
    found = list(rows.order_by("id").values_list("id", flat=True))
    batch = Batch()
    batch.update_each(
        Product,
        [{"id": key, "archived_at": at} for key in found],
        values={"archived_at": "v.archived_at", "version": "t.version + 1", "updated_at": "v.archived_at"},
    )
    record_all(batch=batch, subject_kind="product", subject_ids=found, verb="archive", by=by.pk, at=at,
               company_id=company_id)  # fmt: skip
    batch.write()
    return len(found)
