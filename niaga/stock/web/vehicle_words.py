"""How full a vehicle is, in words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from niaga.catalog.rules.load import GoodsLoad
from niaga.stock.rules.day_load import Measure
from niaga.stock.rules.vehicle_load import CUBIC_METRE, Hold
from niaga.ui import formatting


def carried(measure: str, figure: Decimal) -> str:
    """`820.5 kg`, `1.25 m³`."""
    digits, unit = (1, "kg") if measure == Measure.WEIGHT else (2, "m³")
    return f"{formatting.number(round(figure, digits))} {unit}"


def how_full(hold: Hold, load: GoodsLoad) -> list[dict[str, Any]]:
    """Of each limit of a vehicle how much is taken on its day, and whether that is too much."""
    figures = ((Measure.WEIGHT, load.weight, hold.weight), (Measure.VOLUME, load.volume / CUBIC_METRE, hold.volume))
    return [
        {"words": _("%(used)s of %(limit)s") % {"used": carried(measure, used), "limit": carried(measure, limit)},
         "is_over": used > limit}
        for measure, used, limit in figures
        if limit is not None
    ]  # fmt: skip


def overload_words(lines: Sequence[Mapping[str, Any]]) -> str:
    """By how much a route is too much for a vehicle: `Too much by 250 kg: 1,250 kg, and 1,000 kg are left of it.`"""
    return " ".join(
        _("Too much by %(over)s: the route has %(load)s, the vehicle takes %(left)s more.")
        % {name: carried(line["measure"], Decimal(line[name])) for name in ("over", "load", "left")}
        for line in lines
    )
