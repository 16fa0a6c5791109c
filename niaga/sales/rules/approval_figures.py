"""A document's figures as rules about approvals name them: discount, margin, what is sold below cost. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

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


def figures_of(lines: Iterable[Mapping[str, Any]]) -> Figures:
    """Of the lines that count: each with kind, quantity, factor, list_price, unit_price, promotion_discount, amount,
    document_discount, points_discount, net and unit_cost.

    A discount is what a person gives away from the price by the rules, promotions and points set aside: as one of the
    line, as one of the document, or by a price typed below. The largest of any one line, and of the whole.
    """
    listed = given = net = cost = below = NOUGHT
    most = NOUGHT
    least: Decimal | None = None
    known, sold_any, free_cost = True, False, False
    for line in lines:
        if line["kind"] == "item":
            base = (line["list_price"] or line["unit_price"]) * line["quantity"] - line["promotion_discount"]
            away = base - (line["amount"] - line["document_discount"] + line["points_discount"])
            listed, given = listed + base, given + away
            most = max(most, _share(away, base))
        if line["unit_cost"] is None:
            known = known and line["kind"] != "item"
            continue
        its_cost = line["unit_cost"] * line["quantity"] * line["factor"]
        net, cost, sold_any = net + line["net"], cost + its_cost, True
        if line["net"] <= 0 and line["promotion_discount"] > 0:  # a promotion's gift is nobody's price
            continue
        below += max(NOUGHT, its_cost - line["net"])
        if line["net"] > 0:
            share = _share(line["net"] - its_cost, line["net"])
            least = share if least is None else min(least, share)
        elif its_cost > 0:
            free_cost = True
    discount = max(most, _share(given, listed))
    if not known:
        return Figures(discount, None, None, None, None)
    return Figures(
        discount, net - cost if sold_any else None, _share(net - cost, net) if net > 0 else None,
        None if free_cost else least, below,
    )  # fmt: skip


def _share(part: Decimal, whole: Decimal) -> Decimal:
    """In percent, to six decimals, as rules are written."""
    return (part * 100 / whole).quantize(_DIGITS) if whole > 0 else NOUGHT
