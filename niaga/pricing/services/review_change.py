from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.organization.access import Actor
from niaga.pricing.models import PriceChange, PriceChangeEntry
from niaga.pricing.queries.differences_of import differences_of, state_of
from niaga.pricing.rules.differences import heads_as_text
from niaga.pricing.rules.price_change import FLOW
from niaga.pricing.services._change import lock_change
from niaga.pricing.services.set_prices import columns_of


@transaction.atomic
def review_change(*, change_id: UUID, by: Actor, at: datetime, expected_version: int | None = None) -> PriceChange:
    """Set a prepared change against its list or promotion as it is now: its ends stay, its beginnings are what holds.

    :raises NotFound, Forbidden, StaleVersion, WrongState: see `lock_change`
    """
    found, change = lock_change(change_id=change_id, move="change", by=by, expected_version=expected_version)
    kept = differences_of(change)
    fresh = kept.from_here(state_of(found, kept))
    batch = Batch()
    table = PriceChangeEntry._meta.db_table
    gone = [key for key in kept.prices if key not in fresh.prices]
    match = (
        " WHERE e.change_id = %s::uuid AND e.product_id = v.product AND e.min_quantity = v.least"
        " AND e.unit_id IS NOT DISTINCT FROM v.unit RETURNING 1"
    )
    if gone:
        batch.sql(
            "left_out",
            f"DELETE FROM {table} e USING unnest(%s::uuid[], %s::uuid[], %s::numeric[]) AS v(product, unit, least)"
            + match,
            [*columns_of(gone), change.id],
        )
    if fresh.prices:
        batch.sql(
            "seen",
            f"UPDATE {table} e SET before = v.before"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::numeric[], %s::numeric[]) AS v(product, unit, least, before)"
            + match,
            [*columns_of(fresh.prices), [before for before, _after in fresh.prices.values()], change.id],
        )
    values = {
        "heads": heads_as_text(fresh.heads), "seen_version": found.version,
        "rules": {"before": fresh.rules[0], "after": fresh.rules[1]} if fresh.rules is not None else None,
    }  # fmt: skip
    move(
        batch=batch, flow=FLOW, document=change, move="change", by=by.pk, at=at, values=values,
        data={"seen_version": found.version},
    )  # fmt: skip
    batch.write()
    change.refresh_from_db()
    return change
