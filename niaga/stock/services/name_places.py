from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import StockGone
from niaga.stock.models import StockLevel
from niaga.stock.queries.warehouses import warehouse_row


@transaction.atomic
def name_places(*, warehouse_id: UUID, places: Mapping[UUID, str], by: Actor, at: datetime) -> int:
    """Say on which shelf each product lies in a warehouse; pick lists made from then on go by it. Two statements more
    for any number. Returns how many products.

    :raises NotFound: no such warehouse
    :raises Forbidden: the person may not change stock there
    :raises StockGone: a product never was in the warehouse
    """
    warehouse = warehouse_row(warehouse_id)
    access_of(by).require("stock", "change", warehouse)
    rows = [
        {"product_id": product_id, "warehouse_id": warehouse.id, "place": " ".join(place.split())[:40]}
        for product_id, place in sorted(places.items(), key=lambda one: one[0].bytes)
    ]
    batch = Batch()
    batch.update_each(
        StockLevel, rows, key=("product_id", "warehouse_id"), values={"place": "v.place"}, refusal=StockGone
    )
    if rows:
        record(
            batch=batch, subject_kind="warehouse", subject_id=warehouse.id, verb="name_places", by=by.id, at=at,
            company_id=warehouse.company_id,
            data={"places": {str(row["product_id"]): row["place"] for row in rows[:100]}},
        )  # fmt: skip
    batch.write()
    return len(rows)
