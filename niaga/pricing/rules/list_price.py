"""Which list price holds: the deterministic winner among the prices and rules of the lists that fit.

A list fits by buyer, day, weekday and hour. Inside one list the narrower goes first: a product, its family of
variants, a category of one brand, a category (the nearer), a brand, everything; then a price before a formula, then
the line's own unit, then the largest quantity that is reached. Between lists: priority, then the narrower list (a
customer before a group, a group before a territory and the nearer territory first, then branch, then channel, then
everyone), then the best price for the customer, then the list's identifier, which follows its age. A loser leaves a
step that says why; a smaller break of the winning list is no loser. A list whose formula has nothing to start from, or
ends below zero, loses too: the next list holds, and the sale goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from niaga.core.money import round_to
from niaga.pricing.rules.book import DEEPEST, REMEMBERED, Basis, PriceList, PriceRule, Scope
from niaga.pricing.rules.formula import PRICE_DIGITS, price_of
from niaga.pricing.rules.priced import Step
from niaga.pricing.rules.request import LineRequest, ListEntry, PriceRequest
from niaga.pricing.rules.tax import TaxFormula, rate_on

MOST_LOSERS = 12
"""So many losers are named on a line; of more, the number."""


class Candidate(NamedTuple):
    """A price or a rule of one list that fits a line."""

    width: int
    own_unit: bool
    least: Decimal
    """In base units."""
    answer: ListEntry | PriceRule


class Lost(NamedTuple):
    found: PriceList
    answer: ListEntry | PriceRule
    reason: str


class Shop:
    """One document's way through the book: what fits its buyer and hour is looked for once, not for every line."""

    __slots__ = ("_fits", "_for_scope", "request")

    def __init__(self, request: PriceRequest) -> None:
        self.request = request
        self._fits: dict[UUID, str | None] = {}
        self._for_scope: dict[Scope, list[PriceList]] = {}

    def reason_against(self, found: PriceList) -> str | None:
        """Why the list does not hold; empty when it does, None when nobody needs to hear of it."""
        reason = self._fits.get(found.id, "unknown")
        if reason == "unknown":
            reason = self._fits[found.id] = self._judged(found)
        return reason

    def _judged(self, found: PriceList) -> str | None:
        request = self.request
        if not found.is_for(request.buyer):
            return None
        reason = found.why_not(request.on_date, request.at_time)
        if reason == "expired" and found.valid_until is not None:
            return reason if request.on_date - found.valid_until <= REMEMBERED else None
        return reason

    def lists_for(self, scope: Scope) -> list[PriceList]:
        found = self._for_scope.get(scope)
        if found is None:
            found = self._for_scope[scope] = self.request.book.with_rules_for(self.request.buyer, scope)
        return found


def list_price(*, shop: Shop, line: LineRequest, base_quantity: Decimal) -> tuple[Decimal | None, list[Step]]:
    """The price for one of the line's units, or None, and the steps that led to it."""
    steps: list[Step] = []
    price = _own_price(line, steps)
    lists = shop.request.book.lists
    if not lists:
        return price, steps
    pricing = _Pricing(shop, line, base_quantity, price)
    best, lost = pricing.candidates()
    won, formula, others = pricing.winner(best)
    lost.extend(others)
    steps.extend(_told(lost, price if price is not None else Decimal(0)))
    steps.extend(formula)
    return (won if won is not None else price), steps


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

    __slots__ = ("_cost", "_entries", "_scopes", "base_quantity", "line", "own_price", "shop")

    def __init__(self, shop: Shop, line: LineRequest, base_quantity: Decimal, own_price: Decimal | None) -> None:
        self.shop = shop
        self.line = line
        self.base_quantity = base_quantity
        self.own_price = own_price
        self._cost: Decimal | None = None
        self._entries: dict[UUID, list[ListEntry]] = {}
        for entry in line.entries:
            self._entries.setdefault(entry.list_id, []).append(entry)
        self._scopes = tuple(_scopes(line)) if shop.request.book.lists else ()

    def candidates(self) -> tuple[dict[UUID, Candidate], list[Lost]]:
        """The best of each list that fits, and what lost inside a list or by the list's own terms."""
        book, shop = self.shop.request.book, self.shop
        asked: dict[UUID, PriceList] = {}
        for list_id in self._entries:
            found = book.lists.get(list_id)
            if found is not None:
                asked[list_id] = found
        for scope in self._scopes:
            for found in shop.lists_for(scope):
                asked[found.id] = found
        best: dict[UUID, Candidate] = {}
        lost: list[Lost] = []
        for found in asked.values():
            reason = shop.reason_against(found)
            if reason is None:
                continue
            if reason:
                lost.extend(Lost(found, answer, reason) for _width, answer in self._of(found))
                continue
            candidate = self._best_of(found, lost)
            if candidate is not None:
                best[found.id] = candidate
        return best, lost

    def winner(self, best: dict[UUID, Candidate]) -> tuple[Decimal | None, list[Step], list[Lost]]:
        """The price, the steps that made it, and the lists that it goes before."""
        if not best:
            return None, [], []
        lists, buyer = self.shop.request.book.lists, self.shop.request.buyer

        def place(list_id: UUID) -> tuple[int, tuple[bool, bool, int, bool, bool]]:
            found = lists[list_id]
            return -found.priority, found.narrowness(buyer)

        lost: list[Lost] = []
        won: tuple[Decimal, list[Step]] | None = None
        for _place, peers in groupby(sorted(best, key=place), key=place):
            if won is not None:
                lost.extend(Lost(lists[one], best[one].answer, "other_list") for one in peers)
                continue
            priced = []
            for one in peers:
                steps: list[Step] = []
                price = self._price(lists[one], best[one].answer, steps, depth=0)
                if isinstance(price, str):
                    lost.append(Lost(lists[one], best[one].answer, price))
                else:
                    priced.append((price, str(one), one, steps))
            if priced:
                priced.sort(key=lambda each: each[:2])
                won = priced[0][0], priced[0][3]
                lost.extend(Lost(lists[one], best[one].answer, "other_list") for _p, _k, one, _s in priced[1:])
        return (won[0], won[1], lost) if won is not None else (None, [], lost)

    def _of(self, found: PriceList) -> Iterator[tuple[int, ListEntry | PriceRule]]:
        """All that a list says of this line's product, the narrowest first, with how wide each is."""
        for entry in self._entries.get(found.id, ()):
            yield 0, entry
        for width, scope in enumerate(self._scopes):
            for rule in found.by_scope.get(scope, ()):
                yield width, rule

    def _best_of(self, found: PriceList, lost: list[Lost] | None) -> Candidate | None:
        best: Candidate | None = None
        unit, factor = self.line.unit, self.line.unit_factor
        for width, answer in self._of(found):
            if best is not None and width > best.width:
                break
            own_unit = answer.unit is not None
            if own_unit and answer.unit != unit:
                if lost is not None:
                    lost.append(Lost(found, answer, "other_unit"))
                continue
            least = answer.min_quantity * factor if own_unit else answer.min_quantity
            if self.base_quantity < least:
                if lost is not None:
                    lost.append(Lost(found, answer, "below_quantity"))
                continue
            candidate = Candidate(width, own_unit, least, answer)
            if best is None or _goes_before(candidate, best):
                best = candidate
        return best

    def _price(
        self, found: PriceList, answer: ListEntry | PriceRule, steps: list[Step], *, depth: int
    ) -> Decimal | str:
        """The price, or the reason why there is none."""
        line = self.line
        factor = Decimal(1) if answer.unit is not None else line.unit_factor
        if isinstance(answer, ListEntry):
            price = answer.price if factor == 1 else round_to(answer.price * factor, PRICE_DIGITS)
            facts = {"price": answer.price, "factor": factor, "unit": line.unit}
            steps.append(Step("list_entry", price, {**_facts(found, answer), **facts}))
            return price
        cost = self._unit_cost()
        start = cost if answer.basis is Basis.COST else self.own_price
        if answer.basis is Basis.LIST:
            below = self.shop.request.book.lists.get(answer.base_list_id) if answer.base_list_id else None
            if below is None or depth >= DEEPEST:
                return "no_base"
            candidate = self._best_of(below, None)
            if candidate is not None:
                first = self._price(below, candidate.answer, steps, depth=depth + 1)
                if isinstance(first, str):
                    return first
                start = first
        if start is None:
            return "no_base"
        price, floored = price_of(answer, start, factor=factor, cost=cost)
        if price < 0:
            return "below_zero"
        facts = {
            "from": start, "percent": answer.percent, "surcharge": answer.surcharge, "factor": factor,
            "round_to": answer.round_to, "round_minus": answer.round_minus or None, "unit": line.unit,
        }  # fmt: skip
        if answer.basis is Basis.LIST and answer.base_list_id is not None:
            facts["base"] = self.shop.request.book.lists[answer.base_list_id].name
        if floored:
            facts |= {"cost": cost, "least_margin": answer.least_margin}
        steps.append(Step("list_formula", price, {**_facts(found, answer), **facts}))
        return price

    def _unit_cost(self) -> Decimal | None:
        """Of one of the line's units; in prices that include tax, with its tax."""
        line, request = self.line, self.shop.request
        if line.unit_cost is None:
            return None
        if self._cost is None:
            cost = line.unit_cost * line.unit_factor
            rate = rate_on(line.tax, request.on_date) if request.prices_include_tax else None
            if rate is not None:
                cost = TaxFormula(rate, request.currency).with_tax(cost)
            self._cost = round_to(cost, PRICE_DIGITS)
        return self._cost


def _scopes(line: LineRequest) -> Iterator[Scope]:
    """What rules may be for that hold for this line, the narrowest first."""
    if line.product_id is not None:
        yield line.product_id
    if line.family_id is not None:
        yield line.family_id
    if line.brand:
        yield from ((category, line.brand) for category in line.category_ids)
    yield from line.category_ids
    if line.brand:
        yield line.brand
    yield None


def _goes_before(one: Candidate, other: Candidate) -> bool:
    """Inside one list, among answers that are equally narrow."""
    price = isinstance(one.answer, ListEntry)
    if price != isinstance(other.answer, ListEntry):
        return price
    if one.own_unit != other.own_unit:
        return one.own_unit
    return one.least > other.least


def _told(lost: Iterable[Lost], value: Decimal) -> Iterator[Step]:
    told = list(lost)
    for found, answer, reason in told[:MOST_LOSERS]:
        facts = _facts(found, answer) | {"reason": reason, "valid_from": found.valid_from}
        if isinstance(answer, ListEntry):
            facts["price"] = answer.price
        yield Step("list_entry_lost", value, {**facts, "valid_until": found.valid_until})
    if len(told) > MOST_LOSERS:
        yield Step("more_lost", value, {"count": len(told) - MOST_LOSERS})


def _facts(found: PriceList, answer: ListEntry | PriceRule) -> dict[str, object]:
    facts: dict[str, object] = {"list": found.id, "name": found.name, "min_quantity": answer.min_quantity}
    if isinstance(answer, PriceRule):
        facts["basis"] = answer.basis.value
    return facts
