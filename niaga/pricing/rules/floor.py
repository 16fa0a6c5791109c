"""Below which price the list that won keeps no more of its margin, by the steps that are stored with a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from niaga.pricing.rules.formula import floor_of, marked, stepped
from niaga.pricing.rules.request import TaxRate
from niaga.pricing.rules.tax import turned


class Floor(NamedTuple):
    """For one of the line's units, with tax where the line's price holds it; None: its cost is not known."""

    price: Decimal | None


def floor_in(steps: Iterable[Mapping[str, Any]], currency: str) -> Floor | None:
    """The floor of a line; None where the list that won keeps none, or none won.

    A price by hand and every discount come after it: they are what is compared with it.
    """
    found: Floor | None = None
    for step in steps:
        code = step["code"]
        if code in _WON:
            found = Floor(_floor(step)) if code == "list_formula" and step.get("least_margin") is not None else None
        elif code in _TURNS and found is not None and found.price is not None:
            found = Floor(turned(found.price, put_on=code == "tax_put_on", rate=rate_of(step), currency=currency))
    return found


_WON = frozenset({"list_price", "unit_list_price", "list_entry", "list_formula"})
"""A formula that stands on others is told after them: the last of these steps is the list that won."""


_TURNS = frozenset({"tax_put_on", "tax_taken_out"})


def is_raised(step: Mapping[str, Any]) -> bool:
    """Whether a formula's price was below the floor, so that the floor made it."""
    floor = _floor(step) if step.get("least_margin") is not None else None
    return floor is not None and unraised(step) < floor


def formula_price(step: Mapping[str, Any]) -> Decimal:
    """What a stored formula comes to."""
    price = unraised(step)
    floor = _floor(step) if step.get("least_margin") is not None else None
    if floor is None or price >= floor:
        return price
    return stepped(floor, _figure(step, "round_to") or None, _figure(step, "round_minus"), up=True)


def unraised(step: Mapping[str, Any]) -> Decimal:
    """What a stored formula comes to without its floor."""
    surcharge = _figure(step, "surcharge") * _figure(step, "factor", "1")
    price = marked(_figure(step, "from"), _figure(step, "percent"), surcharge)
    return stepped(price, _figure(step, "round_to") or None, _figure(step, "round_minus"))


def rate_of(step: Mapping[str, Any]) -> TaxRate:
    """The rate that a step names."""
    return TaxRate(
        _figure(step, "rate"), base_numerator=int(step["numerator"]), base_denominator=int(step["denominator"]),
        luxury_rate=_figure(step, "luxury_rate"),
    )  # fmt: skip


def _floor(step: Mapping[str, Any]) -> Decimal | None:
    cost = step.get("cost")
    return None if cost is None else floor_of(Decimal(str(cost)), _figure(step, "least_margin"))


def _figure(step: Mapping[str, Any], name: str, default: str = "0") -> Decimal:
    value = step.get(name)
    return Decimal(default if value is None else str(value))
