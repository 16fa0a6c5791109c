"""Units and their conversion: a box of `factor` pieces. Exact; six decimals, as the database keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal

DIGITS = 6
_STEP = Decimal(1).scaleb(-DIGITS)
_WIDE = Context(prec=50, rounding=ROUND_HALF_UP)


class BadQuantity(ValueError):
    """`code` says why: `too_many_decimals`, `unknown_unit`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def to_base(quantity: Decimal, factor: Decimal) -> Decimal:
    """How many base units `quantity` units of `factor` base units are."""
    return _WIDE.quantize(_WIDE.multiply(quantity, factor), _STEP)


def from_base(base_quantity: Decimal, factor: Decimal) -> Decimal:
    """How many units of `factor` base units hold `base_quantity`, rounded half up to six decimals."""
    return _WIDE.quantize(_WIDE.divide(base_quantity, factor), _STEP)


def whole_units(base_quantity: Decimal, factor: Decimal) -> tuple[Decimal, Decimal]:
    """Full units and the base units left over: 30 pieces are 2 boxes of 12 and 6 pieces."""
    units = base_quantity // factor
    return units, base_quantity - units * factor


def check_quantity(quantity: Decimal, *, digits: int) -> Decimal:
    """A quantity in a unit that is counted to `digits` decimals; trailing zeros do not count.

    :raises BadQuantity: more decimals than the unit has
    """
    if _WIDE.quantize(quantity, Decimal(1).scaleb(-digits)) != quantity:
        raise BadQuantity("too_many_decimals")
    return quantity


def convert(quantity: Decimal, *, source: str, target: str, factors: Mapping[str, Decimal]) -> Decimal:
    """From one unit of a product to another; `factors` holds the base units of each, the base unit itself with 1.

    :raises BadQuantity: the product is not sold in that unit
    """
    if source == target:
        return quantity
    try:
        return from_base(_WIDE.multiply(quantity, factors[source]), factors[target])
    except KeyError as missing:
        raise BadQuantity("unknown_unit") from missing
