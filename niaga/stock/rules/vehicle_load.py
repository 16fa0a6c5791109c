"""What a vehicle may carry, and by how much a load is beyond it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from niaga.catalog.rules.load import NOUGHT, GoodsLoad
from niaga.stock.rules.day_load import LITRES_IN_A_CUBIC_METRE, Measure

CUBIC_METRE = Decimal(LITRES_IN_A_CUBIC_METRE)


class Beyond(NamedTuple):
    """A load is `over` a limit in a measure: kilograms, or cubic metres."""

    measure: str
    load: Decimal
    limit: Decimal

    @property
    def over(self) -> Decimal:
        return self.load - self.limit


class Hold(NamedTuple):
    """Kilograms and cubic metres that a vehicle takes; none: as much as comes. What has no weight counts as nothing."""

    weight: Decimal | None = None
    volume: Decimal | None = None

    @property
    def is_limited(self) -> bool:
        return self.weight is not None or self.volume is not None

    def beyond(self, load: GoodsLoad) -> list[Beyond]:
        """Where a load is more than it takes. What adds nothing is never too much."""
        asked = ((Measure.WEIGHT, load.weight, self.weight),
                 (Measure.VOLUME, load.volume / CUBIC_METRE, self.volume))  # fmt: skip
        return [
            Beyond(measure, figure, limit)
            for measure, figure, limit in asked
            if limit is not None and figure > 0 and figure > limit
        ]

    def takes(self, load: GoodsLoad) -> bool:
        return not self.beyond(load)

    def less(self, load: GoodsLoad) -> Hold:
        """What is left of it beside a load."""
        return Hold(
            None if self.weight is None else self.weight - load.weight,
            None if self.volume is None else self.volume - load.volume / CUBIC_METRE,
        )


def too_heavy_for_all(load: GoodsLoad, holds: Iterable[Hold]) -> bool:
    """Whether there are vehicles, and none of them could carry it even if it carried nothing else."""
    known = list(holds)
    return bool(known) and not any(hold.takes(load) for hold in known)


def overload(hold: Hold, load: GoodsLoad) -> list[dict[str, str]]:
    """By how much a load is more than what is left of a vehicle on its day, in each measure; nothing: it takes it. A
    vehicle that is overloaded already has nothing left: then all of it is too much."""
    found = []
    for one in hold.beyond(load):
        left = max(one.limit, NOUGHT)
        figures = {"load": one.load, "left": left, "over": one.load - left}
        texts = {name: f"{round(figure, 3).normalize():f}" for name, figure in figures.items()}
        found.append({"measure": str(one.measure), **texts})
    return found
