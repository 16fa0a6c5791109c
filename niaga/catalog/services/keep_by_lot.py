from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.catalog.models import Product
from niaga.catalog.queries.products import lock_product
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import WrongState
from niaga.organization.access import Actor


@transaction.atomic
def keep_by_lot(*, product_id: UUID, is_kept: bool = True, by: Actor, at: datetime) -> Product:
    """Tell a product's goods apart by lot from now on, or no longer. Stock calls it: it looks after what is there.

    :raises NotFound: there is no such product
    :raises Forbidden: `by` may not change products
    :raises WrongState: it is no goods, or is so already
    """
    product = lock_product(by, product_id, "change")
    if product.kind != "goods" or product.by_lot == is_kept:
        raise WrongState()
    batch = Batch()
    batch.update(
        Product, where={"id": product.pk, "version": product.version},
        values={"by_lot": is_kept, "version": product.version + 1, "updated_at": at},
    )  # fmt: skip
    record(
        batch=batch, subject_kind="product", subject_id=product.pk, verb="keep_by_lot" if is_kept else "stop_lots",
        by=by.id, at=at, company_id=product.company_id,
    )  # fmt: skip
    batch.write()
    product.by_lot = is_kept
    return product
