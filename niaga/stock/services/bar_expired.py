from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.stock.models import Lot, LotLevel
from niaga.stock.queries.warehouses import first_zone
from niaga.stock.services.lock_levels import lock_levels

AT_ONCE = 200


@transaction.atomic
def bar_expired(*, at: datetime) -> int:
    """Promise nothing more of lots whose day has come, at most 200 at once. Returns how many there were.

    What waits for its turn in between cannot leave either: shipping looks at the day itself.
    """
    rows = Lot.objects.filter(is_barred=False, expires_on__lte=(at + timedelta(hours=14)).date())
    zones: dict[UUID, str] = {}
    over = []
    for lot in rows.order_by("expires_on", "id")[:AT_ONCE]:
        if lot.company_id not in zones:
            zones[lot.company_id] = first_zone(company_id=lot.company_id, at=at)
        if lot.expires_on <= day_at(at=at, zone=zones[lot.company_id]):
            over.append(lot.id)
    if not over:
        return 0
    places = LotLevel.objects.filter(lot_id__in=over).values_list("warehouse_id", "product_id")
    lock_levels(keys=set(places))
    batch = Batch()
    batch.sql("over", "UPDATE stock_lot SET is_barred = true WHERE id = ANY(%s::uuid[]) RETURNING 1", [over])
    batch.sql("levels", "UPDATE stock_lotlevel SET is_barred = true WHERE lot_id = ANY(%s::uuid[]) RETURNING 1", [over])
    batch.write()
    return len(over)
