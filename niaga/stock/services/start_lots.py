from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.catalog.services.keep_by_lot import keep_by_lot
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import LotsMissing
from niaga.stock.models import Warehouse
from niaga.stock.queries.levels import places_of
from niaga.stock.services.check_lines import CheckedLine, LotGiven, StockItem, check_lines
from niaga.stock.services.lock_levels import lock_levels
from niaga.stock.services.move_stock import move_stock
from niaga.stock.services.name_lots import name_lots
from niaga.stock.services.value_moves import Movement


@transaction.atomic
def start_lots(
    *, product_id: UUID, lots: Mapping[UUID, Sequence[LotGiven]] | None = None, by: Actor, at: datetime
) -> None:
    """Keep a product by lot from now on. `lots` names those of what is on hand, by warehouse, in base units.

    :raises NotFound: no such product
    :raises Forbidden: the person may not change products, or not record stock in a warehouse that has some of it
    :raises WrongState: it is no goods, or is kept by lot already
    :raises BadStockLines: lots that do not add up, or have no day; each is answered
    :raises LotsMissing: there is some of it in a warehouse whose lots are not named; each warehouse is answered
    """
    product = keep_by_lot(product_id=product_id, by=by, at=at)
    places = {one.id: one for one in Warehouse.objects.filter(company_id=product.company_id).select_related("branch")}
    held = lock_levels(keys=[(place_id, product_id) for place_id in places_of(product_id=product_id)])
    there = {key[0]: on_hand for key, (on_hand, _held) in held.items() if on_hand}
    given = lots or {}
    missing: list[dict[str, Any]] = [
        {"warehouse_id": str(place_id), "description": places[place_id].name, "available": on_hand}
        for place_id, on_hand in there.items()
        if not given.get(place_id)
    ]
    if missing or set(given) - set(there):
        raise LotsMissing(lines=missing, field="lots")
    for place_id in there:
        access_of(by).require("stock", "record", places[place_id])
    order = sorted(there)
    items = [StockItem(there[key], product_id=product_id, lots=tuple(given[key])) for key in order]
    if items:
        lines = check_lines(company_id=product.company_id, items=items, by_lot=True)
        _tell_apart(product_id, [places[key] for key in order], lines, by, at)


def _tell_apart(
    product_id: UUID, places: Sequence[Warehouse], lines: Sequence[CheckedLine], by: Actor, at: datetime
) -> None:
    """What is on hand becomes lots: as much goes without one as comes with one, at no change of value."""
    today = min(day_at(at=at, zone=place.branch.zone) for place in places)
    named = name_lots(company_id=places[0].company_id, lines=lines, today=today, by=by.id, at=at)
    batch = Batch()
    for place, line in zip(places, lines, strict=True):
        move_stock(
            batch=batch, company_id=place.company_id, warehouse_id=place.id, reason="lot", source_kind="product",
            source_id=product_id, booking=None, by=by.id, at=at,
            movements=[Movement(product_id, -line.base), *line.movements(named)],
        )  # fmt: skip
    batch.write()
