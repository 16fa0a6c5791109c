"""Which list price holds: the deterministic winner among the prices and rules of the lists that fit.

A list fits by buyer, day, weekday and hour. Inside one list the narrower goes first: a product, its family of
variants, a category of one brand, a category (the nearer), a brand, everything; then a price before a formula, then
the line's own unit, then the largest quantity that is reached. Between lists: priority, then the narrower list (a
customer before a membership tier, a tier before a group, a group before a territory and the nearer territory first,
then branch, then channel, then everyone), then the best price for the customer, then the list's identifier, which
follows its age. A loser leaves a step that says why; a smaller break of the winning list is no loser. A list whose
formula has nothing to start from, or ends below zero, loses too: the next list holds, and the sale goes on.

A list says whether its prices hold the tax. All arithmetic of a list is in its own sort of price; what it starts from
is turned before, and what it comes to is turned after, each in a step of its own (`tax_put_on`, `tax_taken_out`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import NamedTuple

from niaga.core.money import round_to
from niaga.pricing.rules.book import COST, DEEPEST, LIST, PriceList, PriceRule
from niaga.pricing.rules.converted import converted_price
from niaga.pricing.rules.formula import PRICE_DIGITS, price_of
from niaga.pricing.rules.held_tax import as_shown, held_rate, turn
from niaga.pricing.rules.priced import MOST_LOSERS, Step
from niaga.pricing.rules.request import LineRequest, ListEntry
from niaga.pricing.rules.scopes import scopes_of
from niaga.pricing.rules.shop import WON, Answer, Fit, Ruled, Shop, Stand, rules_in
from niaga.pricing.rules.tax import TaxFormula


class Candidate(NamedTuple):
    """A price or a rule of one list that fits a line."""

    width: int
    own_unit: bool
    least: Decimal
    """In base units."""
    answer: Answer


class Reckoned(NamedTuple):
    """A price that an answer came to, and what from."""

    found: PriceList
    answer: Answer
    price: Decimal
    factor: Decimal
    start: Decimal | None = None


Way = list[Reckoned | Step]
"""What a price came over."""
Lost = tuple[PriceList, Answer, str]
"""What a list says that does not hold, and why."""


def list_price(*, shop: Shop, line: LineRequest, base_quantity: Decimal) -> tuple[Decimal | None, list[Step]]:
    """The price for one of the line's units as the document shows prices, or None, and the steps that led to it.

    A buyer who pays no tax is shown a price without the one that it usually holds.
    """
    steps: list[Step] = []
    conversion = shop.request.conversion
    price = _own_price(line, steps) if conversion is None else converted_price(line, conversion, steps)
    ruled = shop.ruled_for(line) if shop.lists else ()
    if not ruled and (not line.entries or not shop.lists):
        return as_shown(shop, line, price, steps), steps
    pricing = _Pricing(shop, line, base_quantity, price)
    best, lost = pricing.candidates(ruled)
    won, formula, others = pricing.winner(best)
    lost.extend(others)
    if lost:
        steps.extend(_told(shop, lost, price if price is not None else Decimal(0)))
    steps.extend(formula)
    return (won if won is not None else as_shown(shop, line, price, steps)), steps


def _own_price(line: LineRequest, steps: list[Step]) -> Decimal | None:
    """The product's own price for one of the line's units."""
    factor = line.unit_factor
    if line.own_unit_price is not None:
        facts: dict[str, object] = {"base_price": line.base_price, "unit": line.unit, "factor": factor}
        steps.append(Step("unit_list_price", line.own_unit_price, facts))
        return line.own_unit_price
    if line.base_price is None:
        return None
    price = line.base_price if factor == 1 else round_to(line.base_price * factor, PRICE_DIGITS)
    steps.append(Step("list_price", price, {"base_price": line.base_price, "unit": line.unit, "factor": factor}))
    return price


class _Pricing:
    """One line among the lists."""

    __slots__ = ("_costs", "_entries", "base_quantity", "line", "own_price", "shop")

    def __init__(self, shop: Shop, line: LineRequest, base_quantity: Decimal, own_price: Decimal | None) -> None:
        self.shop = shop
        self.line = line
        self.base_quantity = base_quantity
        self.own_price = own_price
        self._costs: dict[bool, Decimal] = {}
        self._entries: dict[int, tuple[PriceList, list[ListEntry]]] = {}
        """By the identity of their list."""
        for entry in line.entries:
            found = shop.lists.get(entry.list_id)
            if found is not None:
                self._entries.setdefault(id(found), (found, []))[1].append(entry)

    def candidates(self, ruled: Sequence[Ruled]) -> tuple[list[Fit], list[Lost]]:
        """The best of each list that fits, and what lost inside a list or by the list's own terms."""
        shop, entries = self.shop, self._entries
        best: list[Fit] = []
        lost: list[Lost] = []
        if not entries:
            for one in ruled:
                if one.plain is not None:
                    best.append(one.plain)
                else:
                    self._judge(one.stand, one.rules, best, lost)
            return best, lost
        seen = set()
        for stand, rules, _plain in ruled:
            key = id(stand.found)
            seen.add(key)
            self._judge(stand, self._answers(key, rules), best, lost)
        for key, (found, _rows) in entries.items():
            if key not in seen:
                self._judge(shop.stand_of(found), self._answers(key, ()), best, lost)
        return best, lost

    def _judge(self, stand: Stand, answers: Sequence[tuple[int, Answer]], best: list[Fit], lost: list[Lost]) -> None:
        if stand.reason is None:
            return
        if stand.reason:
            lost.extend([(stand.found, answer, stand.reason) for _width, answer in answers])
            return
        candidate = self._best(stand.found, answers, lost)
        if candidate is not None:
            best.append((stand.place, stand, candidate.answer))

    def winner(self, best: list[Fit]) -> tuple[Decimal | None, list[Step], list[Lost]]:
        """The price, the steps that made it, and the lists that it goes before."""
        lost: list[Lost] = []
        shop = self.shop
        wanted = shop.wants_tax(self.line)
        if len(best) > 1:
            best.sort(key=_place)  # stable: of equal places the one that was found first
        ahead = 0
        while ahead < len(best):
            first, place = ahead, best[ahead][0]
            while ahead < len(best) and best[ahead][0] == place:
                ahead += 1
            priced = []
            for _place_of, stand, answer in best[first:ahead]:
                way: Way = []
                price = self._price(stand.found, answer, way, depth=0)
                if isinstance(price, str):
                    lost.append((stand.found, answer, price))
                else:
                    if self._includes(stand.found) != wanted:
                        price = turn(shop, self.line, price, wanted, way)
                    priced.append((price, stand.found.id.int, stand.found, answer, way))
            if priced:
                if len(priced) > 1:
                    priced.sort(key=_cheapness)
                won, _key, _found, _answer, way = priced[0]
                lost.extend([(row[2], row[3], "dearer" if row[0] > won else "younger") for row in priced[1:]])
                lost.extend(
                    [
                        (stand.found, answer, "wider" if of[0] == place[0] else "lower_priority")
                        for of, stand, answer in best[ahead:]
                    ]
                )
                return won, [self._step(one) for one in way], lost
        return None, [], lost

    def _answers(self, key: int, rules: tuple[tuple[int, PriceRule], ...]) -> Sequence[tuple[int, Answer]]:
        """All that a list (by identity) says of this line's product, the narrowest first."""
        entries = self._entries.get(key)
        return [*((0, entry) for entry in entries[1]), *rules] if entries else rules

    def _best(
        self, found: PriceList, answers: Sequence[tuple[int, Answer]], lost: list[Lost] | None
    ) -> Candidate | None:
        best: Candidate | None = None
        unit, factor = self.line.unit, self.line.unit_factor
        for width, answer in answers:
            if best is not None and width > best.width:
                break
            own_unit = answer.unit is not None
            if own_unit and answer.unit != unit:
                if lost is not None:
                    lost.append((found, answer, "other_unit"))
                continue
            least = answer.min_quantity * factor if own_unit else answer.min_quantity
            if self.base_quantity < least:
                if lost is not None:
                    lost.append((found, answer, "below_quantity"))
                continue
            candidate = Candidate(width, own_unit, least, answer)
            if best is None or _goes_before(candidate, best):
                best = candidate
        return best

    def _best_below(self, found: PriceList) -> Candidate | None:
        """What a list says on which another stands: whomever it is for, and whenever it holds."""
        line = self.line
        scopes = (line.product_id, *scopes_of(line)) if line.product_id is not None else tuple(scopes_of(line))
        rules = rules_in(found, scopes, 0 if line.product_id is not None else 1)
        return self._best(found, self._answers(id(found), rules), None)

    def _price(self, found: PriceList, answer: Answer, way: Way, *, depth: int) -> Decimal | str:
        """The price in the list's own sort, with tax or without, or the reason why there is none.

        `way` takes what it came over, itself last.
        """
        line = self.line
        includes_tax = self._includes(found)
        factor = Decimal(1) if answer.unit is not None else line.unit_factor
        if isinstance(answer, ListEntry):
            price = answer.price if factor == 1 else round_to(answer.price * factor, PRICE_DIGITS)
            way.append(Reckoned(found, answer, price, factor))
            return price
        basis = answer.basis
        cost = None
        if basis is COST or answer.least_margin is not None:
            cost = self._unit_cost(includes_tax)
        start, start_includes = self.own_price, self.shop.includes_tax
        if basis is COST:
            start, start_includes = cost, includes_tax
        if basis is LIST:
            below = self.shop.lists.get(answer.base_list_id) if answer.base_list_id else None
            if below is None or depth >= DEEPEST:
                return "no_base"
            candidate = self._best_below(below)
            if candidate is not None:
                first = self._price(below, candidate.answer, way, depth=depth + 1)
                if isinstance(first, str):
                    return first
                start, start_includes = first, self._includes(below)
        if start is None:
            return "no_base"
        if start_includes != includes_tax:
            start = turn(self.shop, line, start, includes_tax, way)
        price = price_of(answer, start, factor=factor, cost=cost)
        if price < 0:
            return "below_zero"
        way.append(Reckoned(found, answer, price, factor, start))
        return price

    def _step(self, one: Reckoned | Step) -> Step:
        """Told only of what won: most that is reckoned loses."""
        if isinstance(one, Step):
            return one
        found, answer, price, factor, start = one
        told = self.shop.told(found, answer, WON)
        own: dict[str, object]
        if isinstance(answer, ListEntry):
            own = {"min_quantity": answer.min_quantity, "price": answer.price, "factor": factor, "unit": self.line.unit}
            return Step("list_entry", price, own, told)
        own = {"from": start, "factor": factor, "unit": self.line.unit}
        if answer.least_margin is not None:  # told though it did not bind: what a person takes off is compared with it
            own |= {"cost": self._unit_cost(self._includes(found)), "least_margin": answer.least_margin}
        return Step("list_formula", price, own, told)

    def _includes(self, found: PriceList) -> bool:
        return self.shop.includes_tax if found.prices_include_tax is None else found.prices_include_tax

    def _unit_cost(self, includes_tax: bool) -> Decimal | None:
        """Of one of the line's units; in a list whose prices include tax, with its tax."""
        line = self.line
        if line.unit_cost is None:
            return None
        cost = self._costs.get(includes_tax)
        if cost is None:
            cost = line.unit_cost * line.unit_factor
            rate = held_rate(self.shop, line) if includes_tax else None
            if rate is not None:
                cost = TaxFormula(rate, self.shop.request.currency).with_tax(cost)
            cost = self._costs[includes_tax] = round_to(cost, PRICE_DIGITS)
        return cost


_place = itemgetter(0)
_cheapness = itemgetter(0, 1)


def _goes_before(one: Candidate, other: Candidate) -> bool:
    """Inside one list, among answers that are equally narrow."""
    price = isinstance(one.answer, ListEntry)
    if price != isinstance(other.answer, ListEntry):
        return price
    if one.own_unit != other.own_unit:
        return one.own_unit
    return one.least > other.least


def _told(shop: Shop, lost: Sequence[Lost], value: Decimal) -> Iterator[Step]:
    for found, answer, reason in lost[:MOST_LOSERS]:
        own: dict[str, object] = {}
        if isinstance(answer, ListEntry):
            own = {"min_quantity": answer.min_quantity, "price": answer.price}
        yield Step("list_entry_lost", value, own, shop.told(found, answer, reason))
    if len(lost) > MOST_LOSERS:
        yield Step("more_lost", value, {"count": len(lost) - MOST_LOSERS})
