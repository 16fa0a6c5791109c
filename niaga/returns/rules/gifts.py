"""How much of a gift goes back with the goods that it came with. Pure.

By the share of what was bought that comes back, in money as it was sold, rounded down to what the gift is counted in:
of a cup that came with three cartons none goes back with one. When all comes back the whole gift does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal


@dataclass(frozen=True, slots=True)
class BoughtPart:
    """A line that the gift came with: so much of it left, for `net` in all, and so much of it is back."""

    shipped: Decimal
    back: Decimal
    net: Decimal


def gift_due(given: Decimal, parts: Iterable[BoughtPart], *, digits: int) -> Decimal:
    """How much of what was given is to be back. Where nothing was paid, all of it once all is back."""
    lines = [part for part in parts if part.shipped > 0]
    if not lines:
        return Decimal(0)
    if all(part.back >= part.shipped for part in lines):
        return given
    whole = sum((part.net for part in lines), Decimal(0))
    if whole <= 0:
        return Decimal(0)
    back = sum((part.net * min(part.back, part.shipped) / part.shipped for part in lines), Decimal(0))
    return (given * back / whole).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_DOWN)
