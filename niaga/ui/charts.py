"""What a chart shows: the values for the scale, and the same values as people read them, for the table beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.utils.functional import Promise

Label = str | Promise


@dataclass(frozen=True, slots=True)
class Series:
    """One line or row of bars; `None` where there is no value. `tone`: accent, calm, warn, good, faint."""

    name: Label
    values: Sequence[Decimal | int | None]
    kind: str = "line"
    tone: str = ""
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """`label` says in one sentence what the chart shows; `axis` heads the table's first column.

    `write` turns a value into words (`formatting.money` with its currency), `write_short` those of the scale.
    `links` open the list behind each category.
    """

    label: Label
    axis: Label
    categories: Sequence[str]
    series: Sequence[Series]
    write: Callable[[Decimal], str]
    write_short: Callable[[Decimal], str] | None = None
    links: Sequence[str] = field(default=())
    stacked: bool = False

    def spec(self) -> dict[str, Any]:
        """For `<c-chart :spec="chart" />`. Floats only place points on the screen; no figure is read from them."""
        shown = [["" if value is None else self.write(Decimal(value)) for value in one.values] for one in self.series]
        return {
            "label": str(self.label),
            "axis": str(self.axis),
            "categories": list(self.categories),
            "series": [
                {
                    "name": str(one.name),
                    "kind": one.kind,
                    "values": [None if value is None else float(value) for value in one.values],
                    "shown": texts,
                    **({"tone": one.tone} if one.tone else {}),
                    "dashed": one.dashed,
                }
                for one, texts in zip(self.series, shown, strict=True)
            ],
            "ticks": self._ticks(),
            "stacked": self.stacked,
            **({"links": list(self.links)} if self.links else {}),
            "table": [[category, [texts[at] for texts in shown]] for at, category in enumerate(self.categories)],
        }

    def _ticks(self) -> list[dict[str, Any]]:
        """Four round steps from nothing to above the largest value; none when there is something below nothing."""
        if self.write_short is None:
            return []
        columns = [[Decimal(value or 0) for value in one.values] for one in self.series]
        if self.stacked and columns:
            columns = [[sum(values, Decimal(0)) for values in zip(*columns, strict=True)]]
        values = [value for column in columns for value in column]
        highest, lowest = max(values, default=Decimal(0)), min(values, default=Decimal(0))
        if highest <= 0 or lowest < 0:
            return []
        step = highest / 4
        power = Decimal(10) ** step.adjusted()
        for nice in (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10)):
            if nice * power >= step:
                step = nice * power
                break
        count = int((highest / step).to_integral_value(ROUND_CEILING))
        return [{"value": float(step * n), "shown": self.write_short(step * n)} for n in range(count + 1)]
