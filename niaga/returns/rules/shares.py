"""What a part of a bundle is worth of it, so that the parts make up the whole. Pure.

A part's weight is its frozen cost times how much of it is in the bundle; where a cost is not known, all parts weigh
the same. What comes back is a running sum over the bundle, rounded to a millionth: however it comes back in parts, all
of it makes exactly the bundles that were sold.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

MILLIONTH = Decimal("0.000001")


def weights(parts: Sequence[Mapping[str, Any]]) -> dict[UUID, Decimal]:
    """How much each part of a bundle weighs, by product; services too."""
    costs = {UUID(one["product_id"]): Decimal(one["cost"] or 0) * Decimal(one["quantity"]) for one in parts}
    if all(cost > 0 for cost in costs.values()):
        return costs
    return dict.fromkeys(costs, Decimal(1))


def bundles_in(returned: Iterable[tuple[UUID, Decimal, Decimal]], weight: Mapping[UUID, Decimal]) -> Decimal:
    """How many bundles came back as (product, base units, base units of it in one bundle), unrounded."""
    whole = sum(weight.values(), Decimal(0))
    return sum((weight[product] * base / each for product, base, each in returned), Decimal(0)) / whole


def part_of_running(before: Decimal, now: Decimal) -> Decimal:
    """The rounded part that comes after `before`; all parts make the rounded whole."""
    return _rounded(before + now) - _rounded(before)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(MILLIONTH, rounding=ROUND_HALF_UP)
