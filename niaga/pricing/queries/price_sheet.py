"""A line's price as a sheet to print: every stored step in words with what it came to, and whether they agree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from niaga.pricing.queries.explained_step import ExplainedStep
from niaga.pricing.queries.explained_steps import explained_step, without_cost
from niaga.pricing.rules.replay import Replayed, TraceBroken, replay
from niaga.ui.formatting import amount, number

_LOST = {"list_entry_lost", "more_lost"}
_OF_A_UNIT = {
    "list_price", "unit_list_price", "list_entry", "list_formula", "converted", "manual_price", "no_price",
    "kept_price", "tax_put_on", "tax_taken_out",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetStep:
    """A step in words. `value` is what it came to, `unit` of what when it is the price of one unit."""

    code: str
    text: str
    value: str = ""
    unit: str = ""
    struck: bool = False
    note: str = ""
    by: str | None = None
    at: str = ""


@dataclass(frozen=True, slots=True)
class PriceSheet:
    """`agrees`: the steps, computed again, give the line's own figures. None: some step is not known here."""

    steps: list[SheetStep]
    agrees: bool | None
    differs: str = ""


def price_sheet(
    steps: Iterable[Mapping[str, Any]],
    currency: str,
    *,
    unit: str,
    figures: Mapping[str, Decimal],
    sees_cost: bool,
    losers: bool = True,
) -> PriceSheet:
    """The stored steps of a line (`PricedLine.explanation()`) as a sheet, checked against its `figures`.

    `figures` are the line's own, named as on `Replayed`. Without `losers`, only what made the price is told: what a
    customer may read.
    """
    stored = list(steps)
    shown = stored if sees_cost else without_cost(stored)
    sheet = [_step(step, currency, unit) for step in shown if losers or step["code"] not in _LOST]
    agrees, differs = _checked(stored, currency, figures)
    return PriceSheet(sheet, agrees, differs)


def _step(step: Mapping[str, Any], currency: str, unit: str) -> SheetStep:
    code = str(step["code"])
    told = explained_step(step, currency)
    if told is None:
        told = ExplainedStep(_("A further rule, “%(code)s”") % {"code": code.replace("_", " ")})
    is_lost = told.struck or code in _LOST
    by, at = (step.get("by"), str(step.get("at") or "")) if code == "manual_price" else (None, "")
    of_unit = code in _OF_A_UNIT
    value = "" if is_lost else _value(step["value"], currency, exact=of_unit)
    return SheetStep(code, told.text, value, unit if of_unit and value else "", told.struck, told.note, by, at)


def _value(value: Any, currency: str, *, exact: bool) -> str:
    figure = Decimal(str(value))
    return number(figure.normalize() + 0) if exact else amount(figure, currency)


def _checked(steps: list[Mapping[str, Any]], currency: str, figures: Mapping[str, Decimal]) -> tuple[bool | None, str]:
    if not steps:
        return None, ""
    try:
        again: Replayed = replay(steps, currency)
    except TraceBroken as broken:
        return False, broken.code
    except (KeyError, ArithmeticError, ValueError):  # of another version
        return None, ""
    wrong = [name for name, value in figures.items() if getattr(again, name) != value]
    return (not wrong, ", ".join(wrong))
