"""One document's way through the book: which lists and rules stand before a line, and what is told of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from niaga.pricing.rules.book import LIST, PriceList, PriceRule
from niaga.pricing.rules.priced import SharedFacts
from niaga.pricing.rules.request import LineRequest, ListEntry, PriceRequest
from niaga.pricing.rules.scopes import ByLine
from niaga.pricing.rules.terms import Scope

Answer = ListEntry | PriceRule
Place = tuple[int, int]
"""Where a list comes among others: by priority, then by how narrow it is. The smaller goes first."""
NOWHERE: Place = (0, 0)
WON = ""
"""In the place of a reason."""


class Stand(NamedTuple):
    """How a list stands to one document."""

    found: PriceList
    reason: str | None
    """Why it does not hold; empty when it does, None when nobody needs to hear of it."""
    place: Place


Fit = tuple[Place, Stand, Answer]
"""What one list says of a line, and where it comes among others."""


class Ruled(NamedTuple):
    """The rules of one list for a kind of product, the narrowest first, each with how wide it is."""

    stand: Stand
    rules: tuple[tuple[int, PriceRule], ...]
    plain: Fit | None
    """What the list says when it holds and says but one thing, for any quantity in any unit: as most lists do."""


class Shop:
    """One document's way through the book: what fits its buyer and hour is looked for once, not for every line."""

    __slots__ = ("_ruling", "_stands", "book", "includes_tax", "lists", "request", "view")

    def __init__(self, request: PriceRequest) -> None:
        self.request = request
        self.includes_tax = request.prices_include_tax
        self.book = request.book
        self.lists = request.book.lists
        self._stands: dict[int, Stand] = {}
        self.view = request.book.seen_by(request.buyer)
        self._ruling = ByLine([part.ruling for part in self.view.parts], self._ruled, _joined)

    def wants_tax(self, line: LineRequest) -> bool:
        """Whether the line's price is to hold its tax: as the document's prices do, where the buyer pays any."""
        return self.includes_tax and (line.tax is None or line.tax.taken_out is None)

    def stand_of(self, found: PriceList) -> Stand:
        stand = self._stands.get(id(found))
        if stand is None:
            request = self.request
            reason = found.reason_against(request.buyer, request.on_date, request.at_time)
            place = (-found.priority, found.narrowness(request.buyer)) if reason == "" else NOWHERE
            stand = self._stands[id(found)] = Stand(found, reason, place)
        return stand

    def ruled_for(self, line: LineRequest) -> Sequence[Ruled]:
        """The lists for this buyer that have rules for this line's product, with those rules."""
        return self._ruling.of(line, by_product=self.book.names_products)

    def _ruled(self, found: PriceList, scope: Scope, width: int) -> Ruled | None:
        stand = self.stand_of(found)
        if stand.reason is None:
            return None
        rules = found.by_scope[scope]
        first = rules[0]
        plain = len(rules) == 1 and stand.reason == "" and first.unit is None and not first.min_quantity
        return Ruled(stand, tuple((width, rule) for rule in rules), (stand.place, stand, first) if plain else None)

    def told(self, found: PriceList, answer: Answer, reason: str) -> SharedFacts:
        """What is told of a list and its rule alike on every line; of an entry, what its list says."""
        key = (id(found), 0 if isinstance(answer, ListEntry) else id(answer), reason)
        facts = self.book.told.get(key)
        if facts is None:
            rule = None if isinstance(answer, ListEntry) else answer
            facts = self.book.told[key] = SharedFacts(_code(rule, reason), self._facts(found, rule, reason))
        return facts

    def _facts(self, found: PriceList, rule: PriceRule | None, reason: str) -> dict[str, object]:
        facts: dict[str, object] = {"list": found.id, "name": found.name}
        if rule is not None:
            facts |= {"min_quantity": rule.min_quantity, "basis": rule.basis.value}
        if reason != WON:
            return facts | {"reason": reason, "valid_from": found.valid_from, "valid_until": found.valid_until}
        if rule is None:
            return facts
        if rule.basis is LIST and rule.base_list_id is not None:
            facts["base"] = self.lists[rule.base_list_id].name
        return facts | {
            "percent": rule.percent, "surcharge": rule.surcharge, "round_to": rule.round_to,
            "round_minus": rule.round_minus or None,
        }  # fmt: skip


def _code(rule: PriceRule | None, reason: str) -> str:
    if reason != WON:
        return "list_entry_lost"
    return "list_entry" if rule is None else "list_formula"


def _joined(ruled: list[Ruled]) -> list[Ruled]:
    """Each list once, with all its rules."""
    by_list: dict[int, Ruled] = {}
    for one in ruled:
        key = id(one.stand)
        known = by_list.get(key)
        by_list[key] = one if known is None else Ruled(one.stand, (*known.rules, *one.rules), None)
    return ruled if len(by_list) == len(ruled) else list(by_list.values())


def rules_in(found: PriceList, scopes: Iterable[Scope], width: int) -> tuple[tuple[int, PriceRule], ...]:
    """The list's rules for these scopes, each with how wide its scope is; the first is `width`."""
    rules = found.by_scope
    return tuple((wide, rule) for wide, scope in enumerate(scopes, width) for rule in rules.get(scope, ()))
