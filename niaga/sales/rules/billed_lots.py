"""Which lots an invoice bills, of those that left with an order's line. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple


class LeftLot(NamedTuple):
    """So much of a lot, in the order in which it left."""

    key: str
    quantity: Decimal


def lots_between(left: Sequence[LeftLot], *, before: Decimal, quantity: Decimal) -> dict[str, Decimal]:
    """Of what left, the part after `before` units up to `quantity` more: so no two invoices name the same piece."""
    found: dict[str, Decimal] = {}
    start = Decimal(0)
    for key, size in left:
        taken = min(start + size, before + quantity) - max(start, before)
        if taken > 0:
            found[key] = found.get(key, Decimal(0)) + taken
        start += size
    return found
