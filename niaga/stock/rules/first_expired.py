"""First expired, first out: which lots make up a quantity."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

NOUGHT = Decimal(0)


class LotAtHand(NamedTuple):
    """So much of a lot can be taken in a warehouse, in base units; it is good until the day before `expires_on`."""

    product_id: UUID
    lot_id: UUID
    number: str
    expires_on: date
    free: Decimal


def first_expired(lots: Iterable[LotAtHand], *, wanted: Decimal) -> tuple[list[tuple[LotAtHand, Decimal]], Decimal]:
    """What to take of which lot, the one that expires first at first, and how much is missing."""
    taken: list[tuple[LotAtHand, Decimal]] = []
    for lot in sorted(lots, key=lambda lot: (lot.expires_on, lot.number)):
        if wanted <= 0:
            break
        take = min(lot.free, wanted)
        if take > 0:
            taken.append((lot, take))
            wanted -= take
    return taken, max(wanted, NOUGHT)


def less(lots: Iterable[LotAtHand], taken: Iterable[tuple[LotAtHand, Decimal]]) -> list[LotAtHand]:
    """The lots without what was taken of them."""
    gone: dict[UUID, Decimal] = {}
    for lot, quantity in taken:
        gone[lot.lot_id] = gone.get(lot.lot_id, NOUGHT) + quantity
    return [lot._replace(free=lot.free - gone.get(lot.lot_id, NOUGHT)) for lot in lots]
