from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.pricing.models import PriceChangeEntry
from niaga.pricing.rules.price_change import FLOW
from niaga.pricing.services._change import lock_list_change
from niaga.pricing.services.set_prices import NewPrice, checked_prices, columns_of, prices_before


@transaction.atomic
def change_entries(
    *,
    change_id: UUID,
    prices: Sequence[NewPrice],
    by: Actor,
    at: datetime,
    replace: bool = False,
    expected_version: int | None = None,
) -> int:
    """Write prices into a prepared change: as `set_prices` takes them, all or none. Returns how many now differ.

    A price that is the list's own takes itself out of the change. With `replace` every other price of the list goes,
    and what the change said before.

    :raises NotFound, Forbidden, StaleVersion, WrongState: see `lock_list_change`
    :raises BadPrices: see `set_prices`
    """
    found, change = lock_list_change(change_id=change_id, move="change", by=by, expected_version=expected_version)
    wanted = checked_prices(found, prices)
    before = prices_before(found, None if replace else wanted)
    if replace:
        wanted |= dict.fromkeys(set(before) - set(wanted))
        change.entries.all().delete()
    differing = {key: price for key, price in wanted.items() if price != before.get(key)}
    same = [key for key in wanted if key not in differing]
    table = PriceChangeEntry._meta.db_table
    batch = Batch()
    if differing:
        batch.sql(
            "prepared",
            f"INSERT INTO {table} (id, change_id, product_id, unit_id, min_quantity, before, price)"
            " SELECT v.id, %s::uuid, v.product, v.unit, v.least, v.before, v.price"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::numeric[], %s::numeric[], %s::numeric[])"
            " AS v(id, product, unit, least, before, price)"
            " ON CONFLICT (change_id, product_id, unit_id, min_quantity)"
            " DO UPDATE SET before = excluded.before, price = excluded.price RETURNING 1",
            [
                change.id, [new_id() for _key in differing], *columns_of(differing),
                [before.get(key) for key in differing], list(differing.values()),
            ],
        )  # fmt: skip
    if same:
        batch.sql(
            "left_out",
            f"DELETE FROM {table} e USING unnest(%s::uuid[], %s::uuid[], %s::numeric[]) AS v(product, unit, least)"
            " WHERE e.change_id = %s::uuid AND e.product_id = v.product AND e.min_quantity = v.least"
            " AND e.unit_id IS NOT DISTINCT FROM v.unit RETURNING 1",
            [*columns_of(same), change.id],
        )
    counts = {"prices": len(differing), "as_they_are": len(same), "replace": replace}
    move(batch=batch, flow=FLOW, document=change, move="change", by=by.pk, at=at, data=counts)
    batch.write()
    return PriceChangeEntry.objects.filter(change_id=change.id).count()
