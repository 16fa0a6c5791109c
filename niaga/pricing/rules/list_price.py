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

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from niaga.core.money import round_to
from niaga.pricing.rules.book import DEEPEST, Basis, PriceList, PriceRule
from niaga.pricing.rules.formula import PRICE_DIGITS, price_of
from niaga.pricing.rules.priced import Step
from niaga.pricing.rules.request import LineRequest, ListEntry, PriceRequest
from niaga.pricing.rules.tax import TaxFormula, rate_on
from niaga.pricing.rules.terms import Scope

MOST_LOSERS = 12
"""So many losers are named on a line; of more, the number."""


Answer = ListEntry | PriceRule


class Candidate(NamedTuple):
    """A price or a rule of one list that fits a line."""

    width: int
    own_unit: bool
    least: Decimal
    """In base units."""
    answer: Answer


class Lost(NamedTuple):
    found: PriceList
    answer: Answer
    reason: str


Kind = tuple[tuple[UUID, ...], str, UUID | None]
"""What lines share for which the same rules are looked at: categories, brand and family."""


class Ruled(NamedTuple):
    """The rules of one list for a kind of product, the narrowest first, each with how wide it is."""

    found: PriceList
    rules: tuple[tuple[int, PriceRule], ...]


class Shop:
    """One document's way through the book: what fits its buyer and hour is looked for once, not for every line."""

    __slots__ = ("_by_kind", "_fits", "_of_product", "lists", "request", "view")

    def __init__(self, request: PriceRequest) -> None:
        self.request = request
        self.lists = request.book.lists
        self._fits: dict[UUID, str | None] = {}
        self._by_kind: dict[Kind, tuple[Ruled, ...]] = {}
        self.view = request.book.seen_by(request.buyer)
        self._of_product = request.book.names_products

    def reason_against(self, found: PriceList) -> str | None:
        """Why the list does not hold; empty when it does, None when nobody needs to hear of it."""
        reason = self._fits.get(found.id, "unknown")
        if reason == "unknown":
            request = self.request
            reason = self._fits[found.id] = found.reason_against(request.buyer, request.on_date, request.at_time)
        return reason

    def ruled_for(self, line: LineRequest) -> tuple[Ruled, ...]:
        """The lists for this buyer that have rules for this line's product, with those rules."""
        kind = (line.category_ids, line.brand, line.family_id)
        found = self._by_kind.get(kind)
        if found is None:
            found = self._by_kind[kind] = self._ruled(tuple(scopes_of(line)))
        product = line.product_id
        if self._of_product and product is not None and product in self.view.by_scope:
            return self._ruled((product, *scopes_of(line)), width=0)
        return found

    def _ruled(self, scopes: tuple[Scope, ...], *, width: int = 1) -> tuple[Ruled, ...]:
        """Width 0 is the product itself."""
        by_scope = self.view.by_scope
        lists = {id(one): one for scope in scopes for one in by_scope.get(scope, ())}
        return tuple(Ruled(one, rules_in(one, scopes, width)) for one in lists.values())


def rules_in(found: PriceList, scopes: Iterable[Scope], width: int) -> tuple[tuple[int, PriceRule], ...]:
    rules = found.by_scope
    return tuple((wide, rule) for wide, scope in enumerate(scopes, width) for rule in rules.get(scope, ()))


def list_price(*, shop: Shop, line: LineRequest, base_quantity: Decimal) -> tuple[Decimal | None, list[Step]]:
    """The price for one of the line's units, or None, and the steps that led to it."""
    steps: list[Step] = []
    price = _own_price(line, steps)
    if not shop.lists:
        return price, steps
    ruled = shop.ruled_for(line)
    if not ruled and not line.entries:
        return price, steps
    pricing = _Pricing(shop, line, base_quantity, price)
    best, lost = pricing.candidates(ruled)
    won, formula, others = pricing.winner(best)
    lost.extend(others)
    if lost:
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

    __slots__ = ("_cost", "_entries", "base_quantity", "line", "own_price", "shop")

    def __init__(self, shop: Shop, line: LineRequest, base_quantity: Decimal, own_price: Decimal | None) -> None:
        self.shop = shop
        self.line = line
        self.base_quantity = base_quantity
        self.own_price = own_price
        self._cost: Decimal | None = None
        self._entries: dict[UUID, list[ListEntry]] = {}
        for entry in line.entries:
            self._entries.setdefault(entry.list_id, []).append(entry)

    def candidates(self, ruled: Iterable[Ruled]) -> tuple[list[tuple[PriceList, Candidate]], list[Lost]]:
        """The best of each list that fits, and what lost inside a list or by the list's own terms."""
        shop, entries = self.shop, self._entries
        best: list[tuple[PriceList, Candidate]] = []
        lost: list[Lost] = []
        ways = [(found, self._answers(entries.get(found.id), rules)) for found, rules in ruled]
        if entries:
            seen = {found.id for found, _answers in ways}
            ways += [
                (shop.lists[one], self._answers(rows, ()))
                for one, rows in entries.items()
                if one not in seen and one in shop.lists
            ]
        for found, answers in ways:
            reason = shop.reason_against(found)
            if reason is None:
                continue
            if reason:
                lost.extend(Lost(found, answer, reason) for _width, answer in answers)
                continue
            candidate = self._best(found, answers, lost)
            if candidate is not None:
                best.append((found, candidate))
        return best, lost

    def winner(self, best: list[tuple[PriceList, Candidate]]) -> tuple[Decimal | None, list[Step], list[Lost]]:
        """The price, the steps that made it, and the lists that it goes before."""
        if len(best) == 1:
            ((found, candidate),) = best
            steps: list[Step] = []
            price = self._price(found, candidate.answer, steps, depth=0)
            if isinstance(price, str):
                return None, [], [Lost(found, candidate.answer, price)]
            return price, steps, []
        return self._first_of(best)

    def _first_of(self, best: list[tuple[PriceList, Candidate]]) -> tuple[Decimal | None, list[Step], list[Lost]]:
        buyer = self.shop.request.buyer

        def place(one: tuple[PriceList, Candidate]) -> tuple[int, tuple[bool, bool, int, bool, bool]]:
            return -one[0].priority, one[0].narrowness(buyer)

        lost: list[Lost] = []
        won: tuple[Decimal, list[Step]] | None = None
        for _place, peers in groupby(sorted(best, key=place), key=place):
            if won is not None:
                lost.extend(Lost(found, candidate.answer, "other_list") for found, candidate in peers)
                continue
            priced = []
            for found, candidate in peers:
                steps: list[Step] = []
                price = self._price(found, candidate.answer, steps, depth=0)
                if isinstance(price, str):
                    lost.append(Lost(found, candidate.answer, price))
                else:
                    priced.append((price, str(found.id), found, candidate, steps))
            if priced:
                priced.sort(key=lambda each: each[:2])
                won = priced[0][0], priced[0][4]
                lost.extend(Lost(found, one.answer, "other_list") for _p, _k, found, one, _s in priced[1:])
        return (won[0], won[1], lost) if won is not None else (None, [], lost)

    def _answers(
        self, entries: list[ListEntry] | None, rules: tuple[tuple[int, PriceRule], ...]
    ) -> Sequence[tuple[int, Answer]]:
        """All that a list says of this line's product, the narrowest first."""
        return [*((0, entry) for entry in entries), *rules] if entries else rules

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

    def _best_below(self, found: PriceList) -> Candidate | None:
        """What a list says on which another stands: whomever it is for, and whenever it holds."""
        line = self.line
        scopes = (line.product_id, *scopes_of(line)) if line.product_id is not None else tuple(scopes_of(line))
        rules = rules_in(found, scopes, 0 if line.product_id is not None else 1)
        return self._best(found, self._answers(self._entries.get(found.id), rules), None)

    def _price(self, found: PriceList, answer: Answer, steps: list[Step], *, depth: int) -> Decimal | str:
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
            below = self.shop.lists.get(answer.base_list_id) if answer.base_list_id else None
            if below is None or depth >= DEEPEST:
                return "no_base"
            candidate = self._best_below(below)
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
            facts["base"] = self.shop.lists[answer.base_list_id].name
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


def scopes_of(line: LineRequest) -> Iterator[Scope]:
    """What rules may be for that hold for this line, but for its very product, the narrowest first."""
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
