"""What a carrier is told that a delivery weighs, until a person says otherwise: what its goods weigh, packed."""

from collections.abc import Mapping
from decimal import ROUND_CEILING
from uuid import UUID

from niaga.catalog.rules.load import GoodsLoad
from niaga.stock.queries.loads import delivery_loads

UNKNOWN_GRAMS = 1_000
HEAVIEST_GRAMS = 5_000_000


def in_grams(load: GoodsLoad) -> int | None:
    """In whole grams, rounded up; nothing when a line has no weight, for a carrier bills what is missing."""
    if not load.is_known or load.unweighed or not load.weight:
        return None
    return min(HEAVIEST_GRAMS, int((load.weight * 1000).to_integral_value(ROUND_CEILING)))


def proposed_grams(parcels: Mapping[UUID, UUID]) -> dict[UUID, int]:
    """By parcel, of the deliveries that are in each (`parcels` names it of every delivery): a kilogram where the goods
    do not tell; one statement. The caller may see the deliveries."""
    loads = delivery_loads(parcels)
    whole: dict[UUID, GoodsLoad] = {}
    for delivery_id, parcel in parcels.items():
        whole[parcel] = whole.get(parcel, GoodsLoad()).also(loads.get(delivery_id, GoodsLoad()))
    return {parcel: in_grams(load) or UNKNOWN_GRAMS for parcel, load in whole.items()}
