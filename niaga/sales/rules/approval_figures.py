"""A document's figures as rules about approvals name them: discount, margin, what is sold below cost. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from niaga.core.money import exponent
from niaga.pricing.rules.floor import floor_in

NOUGHT = Decimal(0)
_DIGITS = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Figures:
    """None is what nobody can know: a cost is missing, or nothing is charged for what costs something."""

    discount_percent: Decimal
    margin: Decimal | None
    margin_percent: Decimal | None
    line_margin_percent: Decimal | None
    below_cost: Decimal | None
    below_floor: Decimal | None
    """What all lines are below the floors of their price lists, in money."""
    below_floor_percent: Decimal | None
    """Of the line that is furthest below, in percent of its floor."""


def figures_of(lines: Iterable[Mapping[str, Any]], currency: str) -> Figures:
    """Of the lines that count: each with kind, quantity, factor, list_price, unit_price, promotion_discount, amount,
    document_discount, net, unit_cost and steps.

    A discount is what a person gives away from the price by the rules, promotions taken off: as a discount of the line,
    as one of the document, or by a price typed below. The largest of any one line, and of the whole. What is below a
    price list's floor is so whoever took it off, a promotion too; but a promotion's gift is nobody's price.
    """
    listed = given = net = cost = below = NOUGHT
    most = NOUGHT
    least: Decimal | None = None
    known, sold_any, free_cost = True, False, False
    floors = _BelowFloor(currency)
    for line in lines:
        floors.add(line)
        if line["kind"] == "item":
            base = (line["list_price"] or line["unit_price"]) * line["quantity"] - line["promotion_discount"]
            away = base - (line["amount"] - line["document_discount"])
            listed, given = listed + base, given + away
            most = max(most, _share(away, base))
        if line["unit_cost"] is None:
            known = known and line["kind"] != "item"
            continue
        its_cost = line["unit_cost"] * line["quantity"] * line["factor"]
        net, cost, sold_any = net + line["net"], cost + its_cost, True
        if _is_gift(line):
            continue
        below += max(NOUGHT, its_cost - line["net"])
        if line["net"] > 0:
            share = _share(line["net"] - its_cost, line["net"])
            least = share if least is None else min(least, share)
        elif its_cost > 0:
            free_cost = True
    discount = max(most, _share(given, listed))
    if not known:
        return Figures(discount, None, None, None, None, *floors.figures())
    return Figures(
        discount, net - cost if sold_any else None, _share(net - cost, net) if net > 0 else None,
        None if free_cost else least, below, *floors.figures(),
    )  # fmt: skip


def _is_gift(line: Mapping[str, Any]) -> bool:
    return bool(line["net"] <= 0 and line["promotion_discount"] > 0)


class _BelowFloor:
    """How far lines are below their floors; a floor whose cost is not known leaves both figures unknown."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.money = self.most = NOUGHT
        self.known = True

    def add(self, line: Mapping[str, Any]) -> None:
        found = None if _is_gift(line) else floor_in(line["steps"], self.currency)
        if found is None:
            return
        if found.price is None:
            self.known = False
            return
        floor = found.price * line["quantity"]
        away = floor - (line["amount"] - line["document_discount"])
        step = Decimal(1).scaleb(-exponent(self.currency))
        if away >= step:  # less than the smallest coin is rounding
            self.money += away.quantize(step, ROUND_HALF_UP)
            self.most = max(self.most, _share(away, floor))

    def figures(self) -> tuple[Decimal | None, Decimal | None]:
        return (self.money, self.most) if self.known else (None, None)


def _share(part: Decimal, whole: Decimal) -> Decimal:
    """In percent, to six decimals, as rules are written."""
    return (part * 100 / whole).quantize(_DIGITS) if whole > 0 else NOUGHT
