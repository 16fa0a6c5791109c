"""What lines would cost under two books: the one that holds, and one in which a draft stands in its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, NamedTuple
from uuid import UUID

from niaga.core.money import round_to
from niaga.pricing.rules.book import Basis, PriceList, PriceRule, RuleBook
from niaga.pricing.rules.buyer import Buyer
from niaga.pricing.rules.formula import HUNDRED, PRICE_DIGITS, floor_of
from niaga.pricing.rules.list_price import list_price
from niaga.pricing.rules.price_lines import CONTEXT
from niaga.pricing.rules.request import Conversion, LineRequest, ListEntry, PriceRequest
from niaga.pricing.rules.scopes import scopes_of
from niaga.pricing.rules.shop import Shop, rules_in
from niaga.pricing.rules.tax import TaxFormula, rate_on
from niaga.pricing.rules.terms import Terms

AHEAD = 14
"""So many days ahead a moment is looked for at which it holds."""
CENT = Decimal("0.01")
NOON = time(12)


@dataclass(frozen=True, slots=True)
class Scene:
    """For whom and when prices are compared."""

    currency: str
    on_date: date
    at_time: time
    prices_include_tax: bool
    buyer: Buyer
    conversion: Conversion | None = None
    """Of products' own prices, where the currency is not the company's."""


class Two(NamedTuple):
    """A line under both books."""

    before: LineRequest
    after: LineRequest


@dataclass(frozen=True, slots=True)
class Compared:
    """What one line costs before and after, for one of its units; None: no price."""

    line: LineRequest
    before: Decimal | None
    after: Decimal | None
    cost: Decimal | None
    """In the same terms as the prices: with tax where they include it."""
    floor: Decimal | None
    """The lowest price by the draft's own formulas."""
    gives: bool = False
    """A product is given with it that was not given before, or other than before."""
    given_before: Decimal | None = Decimal(0)
    """What the products that are given with it cost, by the unit of the line; None: unknown."""
    given_after: Decimal | None = Decimal(0)

    @property
    def changed(self) -> bool:
        return self.before != self.after or self.gives

    @property
    def percent(self) -> Decimal | None:
        """By how much of what it was, two decimals; None when it was nothing."""
        if self.before is None or self.after is None or not self.before:
            return None
        return ((self.after - self.before) * HUNDRED / self.before).quantize(CENT, ROUND_HALF_UP)

    @property
    def below_cost(self) -> bool:
        cost = self._cost(self.given_after)
        return self.after is not None and cost is not None and self.after < cost

    @property
    def below_floor(self) -> bool:
        return self.after is not None and self.floor is not None and self.after < self.floor

    @property
    def margin_before(self) -> Decimal | None:
        """In percent of the price, two decimals, what is given with it counted; None when price or cost is unknown."""
        return _margin(self.before, self._cost(self.given_before))

    @property
    def margin_after(self) -> Decimal | None:
        return _margin(self.after, self._cost(self.given_after))

    def _cost(self, given: Decimal | None) -> Decimal | None:
        return None if self.cost is None or given is None else self.cost + given


def _margin(price: Decimal | None, cost: Decimal | None) -> Decimal | None:
    if not price or cost is None:
        return None
    return ((price - cost) * HUNDRED / price).quantize(CENT, ROUND_HALF_UP)


def compared(
    scene: Scene, lines: Iterable[Two], *, before: RuleBook, after: RuleBook, draft: PriceList | None
) -> list[Compared]:
    """Every line under both books."""
    with localcontext(CONTEXT):
        shops = [Shop(_request(scene, book)) for book in (before, after)]
        found = []
        for two in lines:
            prices = [
                list_price(shop=shop, line=line, base_quantity=line.quantity * line.unit_factor)[0]
                for shop, line in zip(shops, two, strict=True)
            ]
            cost = cost_of(scene, two.after)
            found.append(Compared(two.after, prices[0], prices[1], cost, _floor(draft, two.after, cost)))
        return found


def any_change(answers: Iterable[Compared]) -> tuple[int, Decimal]:
    """How many of the lines change, and the largest change in percent, with its sign."""
    changed, largest = 0, Decimal(0)
    for one in answers:
        if one.changed:
            changed += 1
            largest = max(largest, one.percent or Decimal(0), key=abs)
    return changed, largest


def moment_in(terms: Iterable[Terms | None], day: date, clock: time) -> tuple[date, time]:
    """The first moment from this one on at which one of these holds, the first named first; else this moment."""
    for one in terms:
        if one is None:
            continue
        start = max(day, one.valid_from) if one.valid_from is not None else day
        moments = [(start, clock), (start, one.from_time or NOON)]
        moments += [(start + timedelta(days=ahead), one.from_time or NOON) for ahead in range(1, AHEAD)]
        for moment in moments:
            if not one.why_not(*moment):
                return moment
    return day, clock


def breaks_of(
    lists: Iterable[PriceList | None], entries: Iterable[Iterable[ListEntry]], keys: Iterable[UUID]
) -> list[tuple[str | None, Decimal]]:
    """The units and quantities at which these lists begin another price, the smallest first."""
    wanted = set(keys)
    found: set[tuple[str | None, Decimal]] = set()
    for rows in entries:
        found |= {(row.unit, row.min_quantity) for row in rows if row.list_id in wanted}
    for one in lists:
        if one is not None:
            found |= {(rule.unit, rule.min_quantity) for rule in one.rules}
    return sorted(found, key=lambda each: (each[0] or "", each[1]))


def _request(scene: Scene, book: RuleBook) -> PriceRequest:
    return PriceRequest(
        currency=scene.currency, on_date=scene.on_date, lines=(), prices_include_tax=scene.prices_include_tax,
        buyer=scene.buyer, at_time=scene.at_time, book=book,
        conversion=scene.conversion,
    )  # fmt: skip


def cost_of(scene: Scene, line: LineRequest) -> Decimal | None:
    """Of one of its units, in the terms of the prices: with tax where they include it."""
    if line.unit_cost is None:
        return None
    cost = line.unit_cost * line.unit_factor
    rate = rate_on(line.tax, scene.on_date) if scene.prices_include_tax else None
    if rate is not None:
        cost = TaxFormula(rate, scene.currency).with_tax(cost)
    return round_to(cost, PRICE_DIGITS)


def _floor(draft: PriceList | None, line: LineRequest, cost: Decimal | None) -> Decimal | None:
    """By the narrowest formula of the draft that is for this product and asks a margin."""
    if draft is None or cost is None:
        return None
    scopes = ([line.product_id] if line.product_id is not None else []) + list(scopes_of(line))
    for _width, rule in rules_in(draft, scopes, 0):
        if rule.least_margin is not None and rule.unit in (None, line.unit):
            return floor_of(cost, rule.least_margin)
    return None


def read_rules(data: Sequence[Mapping[str, str]], codes: Mapping[UUID, str]) -> tuple[PriceRule, ...]:
    """Formulas of a draft, as the book has them."""
    return tuple(_rule(one, codes) for one in data)


def _rule(data: Mapping[str, str], codes: Mapping[UUID, str]) -> PriceRule:

    figures: dict[str, Any] = {name: Decimal(data[name]) for name in _FIGURES if name in data}
    keys: dict[str, Any] = {name: UUID(data[name]) for name in _KEYS if name in data}
    unit = codes.get(UUID(data["unit_id"])) if "unit_id" in data else None
    return PriceRule(Basis(data["basis"]), brand=data.get("brand", ""), unit=unit, **figures, **keys)


_FIGURES = ("percent", "surcharge", "round_to", "round_minus", "least_margin", "min_quantity")
_KEYS = ("base_list_id", "product_id", "family_id", "category_id")
