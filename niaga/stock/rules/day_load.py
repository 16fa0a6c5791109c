"""What leaves on a day, in the measures that a limit can be set in. Pure."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import NamedTuple

from niaga.catalog.rules.load import NOUGHT, GoodsLoad

LITRES_IN_A_CUBIC_METRE = 1000


class Measure(StrEnum):
    """What of a day is counted: orders, their lines, kilograms, cubic metres."""

    ORDERS = "orders"
    LINES = "lines"
    WEIGHT = "weight"
    VOLUME = "volume"


COUNTED = (Measure.ORDERS, Measure.LINES)
"""Measures of which a warehouse counts one; the others are limits beside it."""
CARRIED = (Measure.WEIGHT, Measure.VOLUME)


class DayLoad(NamedTuple):
    """Orders and lines, and what their goods weigh and take up where that is asked."""

    orders: int = 0
    lines: int = 0
    goods: GoodsLoad = GoodsLoad()

    def of(self, measure: str) -> Decimal:
        """How much it is in a measure, in the unit that its limit has."""
        if measure == Measure.ORDERS:
            return Decimal(self.orders)
        if measure == Measure.LINES:
            return Decimal(self.lines)
        return self.goods.weight if measure == Measure.WEIGHT else self.goods.volume / LITRES_IN_A_CUBIC_METRE

    def also(self, other: DayLoad) -> DayLoad:
        return DayLoad(self.orders + other.orders, self.lines + other.lines, self.goods.also(other.goods))

    def grown(self, before: DayLoad) -> DayLoad:
        """Only what weighs or takes up more than before: what an order has on its day already is not asked about."""
        weight = self.goods.weight if self.goods.weight > before.goods.weight else NOUGHT
        volume = self.goods.volume if self.goods.volume > before.goods.volume else NOUGHT
        return DayLoad(goods=self.goods._replace(weight=weight, volume=volume))


def shown(figure: Decimal) -> Decimal:
    """As people and programs are told it: to a tenth, rounded up, so that what is full never looks as if it fitted."""
    return figure.quantize(Decimal("0.1"), ROUND_CEILING).normalize() + 0
