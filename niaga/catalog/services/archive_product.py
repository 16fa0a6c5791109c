from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.catalog.models import Product
from niaga.catalog.queries.products import lock_product
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import StaleVersion
from niaga.organization.access import Actor


@transaction.atomic
def archive_product(
    *, product_id: UUID, by: Actor, at: datetime, version: int | None = None, restore: bool = False
) -> Product:
    """Put a product away, or with `restore` back: its documents keep it, new ones are not offered it.

    Doing it twice changes nothing.

    :raises NotFound: there is no such product
    :raises Forbidden: `by` may not archive products
    :raises StaleVersion: somebody saved in between
    """
    product = lock_product(by, product_id, "archive")
    if (product.archived_at is None) == restore:
        return product
    if version is not None and version != product.version:
        raise StaleVersion()
    batch = Batch()
    product.archived_at = None if restore else at
    batch.update(
        Product,
        where={"id": product.pk, "version": product.version},
        values={"archived_at": product.archived_at, "version": product.version + 1, "updated_at": at},
    )
    record(batch=batch, subject_kind="product", subject_id=product.pk, verb="restore" if restore else "archive",
           by=by.pk, at=at, company_id=product.company_id)  # fmt: skip
    batch.write()
    product.version += 1
    return product
