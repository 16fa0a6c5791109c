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

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from niaga.core.money import round_to
from niaga.pricing.rules.book import DEEPEST, Basis, PriceList, PriceRule
from niaga.pricing.rules.formula import PRICE_DIGITS, price_of
from niaga.pricing.rules.priced import SharedFacts, Step
from niaga.pricing.rules.request import LineRequest, ListEntry, PriceRequest, TaxRate
from niaga.pricing.rules.tax import TaxFormula, rate_on, turned
from niaga.pricing.rules.terms import Narrowness, Scope

MOST_LOSERS = 12
"""So many losers are named on a line; of more, the number."""


Answer = ListEntry | PriceRule


Place = tuple[int, Narrowness]
"""Where a list comes among others: by priority, then by how narrow it is."""


class Stand(NamedTuple):
    """How a list stands to one document."""

    found: PriceList
    reason: str | None
    """Why it does not hold; empty when it does, None when nobody needs to hear of it."""
    place: Place
    """Between lists that hold: the smaller goes first."""


class Candidate(NamedTuple):
    """A price or a rule of one list that fits a line."""

    width: int
    own_unit: bool
    least: Decimal
    """In base units."""
    answer: Answer


Fit = tuple[Place, Stand, Answer]
"""What one list says of a line, and where it comes among others."""
Lost = tuple[PriceList, Answer, str]
"""What a list says that does not hold, and why."""
Kind = tuple[int, str, UUID | None]
"""What lines share for which the same rules are looked at: categories (by identity), brand and family."""


class Ruled(NamedTuple):
    """The rules of one list for a kind of product, the narrowest first, each with how wide it is."""

    stand: Stand
    rules: tuple[tuple[int, PriceRule], ...]
    plain: Fit | None
    """What the list says when it holds and says but one thing, for any quantity in any unit: as most lists do."""


class Shop:
    """One document's way through the book: what fits its buyer and hour is looked for once, not for every line."""

    __slots__ = (
        "_by_kind", "_by_width", "_of_product", "_stands", "book", "includes_tax", "lists", "request", "view",
    )  # fmt: skip

    def __init__(self, request: PriceRequest) -> None:
        self.request = request
        self.includes_tax = request.prices_include_tax
        self.book = request.book
        self.lists = request.book.lists
        self._stands: dict[int, Stand] = {}
        self._by_kind: dict[Kind, Sequence[Ruled]] = {}
        self._by_width: defaultdict[int, dict[Scope, Sequence[Ruled]]] = defaultdict(dict)
        self.view = request.book.seen_by(request.buyer)
        self._of_product = request.book.names_products

    def wants_tax(self, line: LineRequest) -> bool:
        """Whether the line's price is to hold its tax: as the document's prices do, where the buyer pays any."""
        return self.includes_tax and (line.tax is None or line.tax.taken_out is None)

    def stand_of(self, found: PriceList) -> Stand:
        stand = self._stands.get(id(found))
        if stand is None:
            request = self.request
            reason = found.reason_against(request.buyer, request.on_date, request.at_time)
            place = (-found.priority, found.narrowness(request.buyer)) if reason == "" else _NOWHERE
            stand = self._stands[id(found)] = Stand(found, reason, place)
        return stand

    def ruled_for(self, line: LineRequest) -> Sequence[Ruled]:
        """The lists for this buyer that have rules for this line's product, with those rules."""
        product = line.product_id
        if self._of_product and product is not None and self._ruling(product, 0):
            return self._ruled((product, *scopes_of(line)), width=0)
        kind = (id(line.category_ids), line.brand, line.family_id)
        found = self._by_kind.get(kind)
        if found is None:
            found = self._by_kind[kind] = self._ruled(tuple(scopes_of(line)))
        return found

    def _ruled(self, scopes: tuple[Scope, ...], *, width: int = 1) -> Sequence[Ruled]:
        """Width 0 is the product itself."""
        ruled = [one for wide, scope in enumerate(scopes, width) for one in self._ruling(scope, wide)]
        if len({id(one.stand) for one in ruled}) == len(ruled):
            return ruled
        by_list: dict[int, Ruled] = {}
        for one in ruled:
            known = by_list.get(id(one.stand))
            by_list[id(one.stand)] = one if known is None else Ruled(one.stand, (*known.rules, *one.rules), None)
        return list(by_list.values())

    def _ruling(self, scope: Scope, width: int) -> Sequence[Ruled]:
        """The lists for this buyer that have rules for one scope, with those rules."""
        known = self._by_width[width]
        ruling = known.get(scope)
        if ruling is None:
            lists = [one for part in self.view.parts for one in part.by_scope.get(scope, ())]
            ruling = known[scope] = [
                _ruled(stand, stand.found.by_scope[scope], width)
                for stand in map(self.stand_of, lists)
                if stand.reason is not None
            ]
        return ruling


def _ruled(stand: Stand, rules: tuple[PriceRule, ...], width: int) -> Ruled:
    first = rules[0]
    plain = len(rules) == 1 and stand.reason == "" and first.unit is None and not first.min_quantity
    return Ruled(stand, tuple((width, rule) for rule in rules), (stand.place, stand, first) if plain else None)


_NOWHERE = (0, (True, True, True, 0, True, True))


def rules_in(found: PriceList, scopes: Iterable[Scope], width: int) -> tuple[tuple[int, PriceRule], ...]:
    rules = found.by_scope
    return tuple((wide, rule) for wide, scope in enumerate(scopes, width) for rule in rules.get(scope, ()))


def list_price(*, shop: Shop, line: LineRequest, base_quantity: Decimal) -> tuple[Decimal | None, list[Step]]:
    """The price for one of the line's units as the document shows prices, or None, and the steps that led to it.

    A buyer who pays no tax is shown a price without the one that it usually holds.
    """
    steps: list[Step] = []
    price = _own_price(line, steps)
    ruled = shop.ruled_for(line) if shop.lists else ()
    if not ruled and (not line.entries or not shop.lists):
        return _shown(shop, line, price, steps), steps
    pricing = _Pricing(shop, line, base_quantity, price)
    best, lost = pricing.candidates(ruled)
    won, formula, others = pricing.winner(best)
    lost.extend(others)
    if lost:
        steps.extend(_told(shop, lost, price if price is not None else Decimal(0)))
    steps.extend(formula)
    return (won if won is not None else _shown(shop, line, price, steps)), steps


def _held_rate(shop: Shop, line: LineRequest) -> TaxRate | None:
    """The tax that a price with tax holds: where the buyer pays none, the usual one."""
    tax = line.tax
    return tax.taken_out if tax is not None and tax.taken_out else rate_on(tax, shop.request.on_date)


def _turn(shop: Shop, line: LineRequest, price: Decimal, wanted: bool, steps: list[Step]) -> Decimal:
    """A price of the one sort as one of the other: with tax when `wanted`, else without."""
    rate = _held_rate(shop, line)
    if not price or rate is None or not rate.charges:
        return price
    price = turned(price, put_on=wanted, rate=rate, currency=shop.request.currency)
    facts: dict[str, object] = {
        "rate": rate.rate, "numerator": rate.base_numerator, "denominator": rate.base_denominator,
        "luxury_rate": rate.luxury_rate or None,
    }  # fmt: skip
    steps.append(Step("tax_put_on" if wanted else "tax_taken_out", price, facts))
    return price


def _shown(shop: Shop, line: LineRequest, price: Decimal | None, steps: list[Step]) -> Decimal | None:
    """The product's own price, as the document shows prices."""
    wanted = shop.wants_tax(line)
    if price is None or shop.includes_tax == wanted:
        return price
    return _turn(shop, line, price, wanted, steps)


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
        self._entries: dict[UUID, list[ListEntry]] = {}
        for entry in line.entries:
            self._entries.setdefault(entry.list_id, []).append(entry)

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
            seen.add(stand.found.id)
            self._judge(stand, self._answers(entries.get(stand.found.id), rules), best, lost)
        for list_id, rows in entries.items():
            if list_id not in seen and list_id in shop.lists:
                self._judge(shop.stand_of(shop.lists[list_id]), self._answers(rows, ()), best, lost)
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
        if len(best) > 1:
            best.sort(key=_place)  # stable: of equal places the one that was found first
        ahead = 0
        while ahead < len(best):
            first, place = ahead, best[ahead][0]
            while ahead < len(best) and best[ahead][0] == place:
                ahead += 1
            priced = []
            for _place_of, stand, answer in best[first:ahead]:
                steps: list[Step] = []
                price = self._price(stand.found, answer, steps, depth=0)
                if isinstance(price, str):
                    lost.append((stand.found, answer, price))
                else:
                    wanted = shop.wants_tax(self.line)
                    if self._includes(stand.found) != wanted:
                        price = _turn(shop, self.line, price, wanted, steps)
                    priced.append((price, stand.found.id.int, stand.found, answer, steps))
            if priced:
                if len(priced) > 1:
                    priced.sort(key=_cheapness)
                lost.extend([(found, answer, "other_list") for _p, _k, found, answer, _s in priced[1:]])
                lost.extend([(stand.found, answer, "other_list") for _place_of, stand, answer in best[ahead:]])
                return priced[0][0], priced[0][4], lost
        return None, [], lost

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
        return self._best(found, self._answers(self._entries.get(found.id), rules), None)

    def _price(self, found: PriceList, answer: Answer, steps: list[Step], *, depth: int) -> Decimal | str:
        """The price in the list's own sort, with tax or without, or the reason why there is none."""
        line = self.line
        includes_tax = self._includes(found)
        factor = Decimal(1) if answer.unit is not None else line.unit_factor
        if isinstance(answer, ListEntry):
            price = answer.price if factor == 1 else round_to(answer.price * factor, PRICE_DIGITS)
            facts = {"price": answer.price, "factor": factor, "unit": line.unit}
            steps.append(Step("list_entry", price, {**_facts(found, answer), **facts}))
            return price
        cost = self._unit_cost(includes_tax)
        start, start_includes = self.own_price, self.shop.includes_tax
        if answer.basis is Basis.COST:
            start, start_includes = cost, includes_tax
        if answer.basis is Basis.LIST:
            below = self.shop.lists.get(answer.base_list_id) if answer.base_list_id else None
            if below is None or depth >= DEEPEST:
                return "no_base"
            candidate = self._best_below(below)
            if candidate is not None:
                first = self._price(below, candidate.answer, steps, depth=depth + 1)
                if isinstance(first, str):
                    return first
                start, start_includes = first, self._includes(below)
        if start is None:
            return "no_base"
        if start_includes != includes_tax:
            start = _turn(self.shop, line, start, includes_tax, steps)
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
            rate = _held_rate(self.shop, line) if includes_tax else None
            if rate is not None:
                cost = TaxFormula(rate, self.shop.request.currency).with_tax(cost)
            cost = self._costs[includes_tax] = round_to(cost, PRICE_DIGITS)
        return cost


_place = itemgetter(0)
_cheapness = itemgetter(0, 1)


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


def _told(shop: Shop, lost: Sequence[Lost], value: Decimal) -> Iterator[Step]:
    known = shop.book.lost_facts
    for one in lost[:MOST_LOSERS]:
        found, answer, reason = one
        facts: dict[str, object] | None
        if isinstance(answer, ListEntry):
            facts = _lost_facts(one)
        elif (facts := known.get(key := (id(found), id(answer), reason))) is None:
            facts = known[key] = SharedFacts(_lost_facts(one))
        yield Step("list_entry_lost", value, facts)
    if len(lost) > MOST_LOSERS:
        yield Step("more_lost", value, {"count": len(lost) - MOST_LOSERS})


def _lost_facts(lost: Lost) -> dict[str, object]:
    found, answer, reason = lost
    facts = _facts(found, answer) | {"reason": reason, "valid_from": found.valid_from}
    if isinstance(answer, ListEntry):
        facts["price"] = answer.price
    return {**facts, "valid_until": found.valid_until}


def _facts(found: PriceList, answer: ListEntry | PriceRule) -> dict[str, object]:
    facts: dict[str, object] = {"list": found.id, "name": found.name, "min_quantity": answer.min_quantity}
    if isinstance(answer, PriceRule):
        facts["basis"] = answer.basis.value
    return facts
