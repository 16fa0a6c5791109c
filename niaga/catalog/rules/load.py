"""What goods weigh and take up: kilograms and litres, as packed. Pure.

What is not known counts as nothing and is told: a load says how many of its lines have no weight, or no volume.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

NOUGHT = Decimal(0)


class GoodsLoad(NamedTuple):
    """Kilograms and litres together, of `lines`; of `unweighed` the weight is not known, of `unmeasured` the volume."""

    weight: Decimal = NOUGHT
    volume: Decimal = NOUGHT
    lines: int = 0
    unweighed: int = 0
    unmeasured: int = 0

    @property
    def is_known(self) -> bool:
        """Whether there is a weight to tell."""
        return self.lines > self.unweighed

    def also(self, other: GoodsLoad) -> GoodsLoad:
        return GoodsLoad(
            self.weight + other.weight, self.volume + other.volume, self.lines + other.lines,
            self.unweighed + other.unweighed, self.unmeasured + other.unmeasured,
        )  # fmt: skip


class ToWeigh(NamedTuple):
    """`quantity` of a product in a unit of `factor` base units; of a bundle with its parts as a line keeps them, each
    with `product_id` and `quantity` base units in one of the bundle."""

    product_id: UUID | None
    unit_id: UUID | None
    quantity: Decimal
    factor: Decimal
    parts: Sequence[Mapping[str, Any]] = ()


def load_sum(loads: Iterable[GoodsLoad]) -> GoodsLoad:
    whole = GoodsLoad()
    for one in loads:
        whole = whole.also(one)
    return whole


def each_of(base: Decimal | None, own: Decimal | None, factor: Decimal) -> Decimal | None:
    """Of one unit of `factor` base units: its own figure, else its base units'; nothing when neither is known."""
    return own if own is not None else None if base is None else base * factor


def goods_load(goods: Iterable[tuple[bool, Decimal, Decimal | None, Decimal | None]]) -> GoodsLoad:
    """One line of goods: of each whether it is carried at all, how much of it, and what one weighs and takes up. When
    one of them has no weight, the line has none that is known, though the others count."""
    weight = volume = NOUGHT
    no_weight = no_volume = False
    carried = False
    for is_carried, quantity, kilos, litres in goods:
        if not is_carried:
            continue
        carried = True
        no_weight, no_volume = no_weight or kilos is None, no_volume or litres is None
        weight += quantity * (kilos or NOUGHT)
        volume += quantity * (litres or NOUGHT)
    return GoodsLoad(weight, volume, int(carried), int(no_weight), int(no_volume))
