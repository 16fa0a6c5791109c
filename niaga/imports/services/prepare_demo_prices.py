from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.imports.rules.demo_world import Good
from niaga.organization.access import Actor
from niaga.pricing.services.change_entries import change_entries
from niaga.pricing.services.prepare_change import prepare_change
from niaga.pricing.services.set_prices import NewPrice


@transaction.atomic
def prepare_demo_prices(
    *, price_list_id: UUID, range_: Sequence[Good], product_ids: Sequence[UUID], by: Actor, at: datetime
) -> None:
    """Wholesale prices of sugar and flour that are two percent up, prepared and waiting to be looked at."""
    change = prepare_change(price_list_id=price_list_id, name="Kenaikan gula dan tepung", by=by, at=at)
    prices = [
        NewPrice(price=(good.price * 99 / 100).quantize(Decimal(10)), product_id=key, min_quantity=Decimal(0))
        for good, key in zip(range_, product_ids, strict=True)
        if good.category in {"Gula & pemanis", "Tepung"}
    ]
    change_entries(change_id=change.id, prices=prices, by=by, at=at)
