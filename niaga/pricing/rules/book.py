"""The rule book: every price list of a company and its rules, immutable, found by what a line is and who buys.

A book is read once for each version of it and shared by all documents of a process. It holds no prices of products,
of which there may be millions; the entries of a document's products come with its lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from niaga.pricing.rules.buyer import Buyer
from niaga.pricing.rules.loyalty import Programme
from niaga.pricing.rules.priced import SharedFacts
from niaga.pricing.rules.promotion import Promotion
from niaga.pricing.rules.scopes import Scoped
from niaga.pricing.rules.terms import Scope, Terms, Whom, gathered, keys_of, scope_of, whom_of

DEEPEST = 10
"""So many lists may stand on one another."""
MOST_VIEWS = 512
"""What of a book is for so many buyers is remembered."""


class Basis(StrEnum):
    """What a formula starts from."""

    PRICE = "price"
    """The product's own price."""
    COST = "cost"
    """The product's cost; in a list whose prices include tax, with its tax."""
    LIST = "list"
    """What another list says, or the product's own price where that list is silent."""


COST, LIST = Basis.COST, Basis.LIST


@dataclass(frozen=True, slots=True)
class PriceRule:
    """A formula for a part of the assortment::

        price = basis x (1 + percent / 100) + surcharge      then rounded to `round_to`, minus `round_minus`
        price = cost / (1 - least_margin / 100)              when that is more, rounded up

    All figures are for one base unit, or for one `unit` where the rule names one; `percent` and `surcharge` may be
    below zero. `min_quantity` counts in the same unit.
    """

    basis: Basis
    base_list_id: UUID | None = None
    percent: Decimal = Decimal(0)
    surcharge: Decimal = Decimal(0)
    round_to: Decimal | None = None
    round_minus: Decimal = Decimal(0)
    least_margin: Decimal | None = None
    """In percent of the price without tax."""
    product_id: UUID | None = None
    family_id: UUID | None = None
    category_id: UUID | None = None
    brand: str = ""
    unit: str | None = None
    min_quantity: Decimal = Decimal(0)

    @property
    def scope(self) -> Scope:
        return scope_of(self.product_id, self.family_id, self.category_id, self.brand)


@dataclass(frozen=True, slots=True)
class PriceList(Terms):
    """A list's head: for whom it is, when it holds, and its rules."""

    rules: tuple[PriceRule, ...] = ()
    prices_include_tax: bool | None = None
    """Whether its prices, surcharges and roundings hold the tax; None: as the document's do."""
    by_scope: Mapping[Scope, tuple[PriceRule, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_scope", gathered((rule.scope, rule) for rule in self.rules))


class RuleBook:
    """All lists and promotions of one company and currency, and how points are used.

    `version` names the state it was read in; books never change.
    """

    __slots__ = (
        "_bases", "_by_whom", "_parts", "_promoted", "_promotions_by_whom", "_views", "lists", "names_products",
        "names_tiers", "programme", "promotions", "told", "version",
    )  # fmt: skip

    def __init__(
        self,
        lists: Iterable[PriceList] = (),
        *,
        promotions: Iterable[Promotion] = (),
        programme: Programme | None = None,
        version: UUID | None = None,
    ) -> None:
        self.version = version
        self.programme = programme
        """By which points are used; None where none can be."""
        self.lists: Mapping[UUID, PriceList] = {one.id: one for one in lists}
        self.promotions: Mapping[UUID, Promotion] = {one.id: one for one in promotions}
        self._by_whom = gathered((whom_of(one), one) for one in self.lists.values())
        self._promotions_by_whom = gathered((whom_of(one), one) for one in self.promotions.values())
        self._parts: dict[Whom, BookPart] = {}
        self._promoted: dict[Whom, Scoped[Promotion]] = {}
        self._views: dict[Buyer, BookView] = {}
        self.told: dict[tuple[int, int, str], SharedFacts] = {}
        """What is told of a list or promotion (by identity), one of its rules (or 0) and the reason why it lost."""
        self.names_products = any(rule.product_id for one in self.lists.values() for rule in one.rules)
        self.names_tiers = any(one.tier_id for one in (*self.lists.values(), *self.promotions.values()))
        """Whether it matters which tier a buyer has."""
        self._bases = {one.id: self._closure(one) for one in self.lists.values()}

    def with_list(self, list_id: UUID, instead: PriceList | None) -> RuleBook:
        """A book in which this list stands in the place of the one with the key, or none does: for asking "what if"."""
        others = [one for one in self.lists.values() if one.id != list_id]
        lists = [*others, instead] if instead is not None else others
        return RuleBook(lists, promotions=self.promotions.values(), programme=self.programme, version=self.version)

    def with_promotion(self, promotion_id: UUID, instead: Promotion | None) -> RuleBook:
        """A book in which this promotion stands in the place of the one with the key, or none does."""
        others = [one for one in self.promotions.values() if one.id != promotion_id]
        promotions = [*others, instead] if instead is not None else others
        return RuleBook(self.lists.values(), promotions=promotions, programme=self.programme, version=self.version)

    def standing_on(self, list_id: UUID) -> tuple[PriceList, ...]:
        """The lists that stand on this one, straight or over others."""
        return tuple(one for one in self.lists.values() if list_id in self._bases[one.id])

    def _closure(self, start: PriceList) -> frozenset[UUID]:
        seen: set[UUID] = set()
        ahead = [start]
        while ahead:
            for rule in ahead.pop().rules:
                base = rule.base_list_id
                if base is not None and base not in seen and base in self.lists:
                    seen.add(base)
                    ahead.append(self.lists[base])
        return frozenset(seen)

    def seen_by(self, buyer: Buyer) -> BookView:
        """What of the book is for this buyer; remembered for some hundreds of buyers.

        The lists are in parts, put together once for each thing that lists name, not for each buyer: what is for
        everybody is the same for all of them.
        """
        view = self._views.get(buyer)
        if view is None:
            keys = keys_of(buyer)
            parts = tuple(self._part(key) for key in keys if key in self._by_whom)
            promotions = [one for key in keys for one in self._promotions_by_whom.get(key, ()) if one.is_for(buyer)]
            promoted = tuple(self._promoted_for(key) for key in keys if key in self._promotions_by_whom)
            if len(self._views) >= MOST_VIEWS:
                self._views = {}  # a new one, since other threads may be reading the old
            view = self._views[buyer] = BookView(parts, tuple(promotions), promoted)
        return view

    def _promoted_for(self, key: Whom) -> Scoped[Promotion]:
        found = self._promoted.get(key)
        if found is None:
            promotions = self._promotions_by_whom[key]
            found = self._promoted[key] = Scoped((scope, one) for one in promotions for scope in one.touches)
        return found

    def _part(self, key: Whom) -> BookPart:
        part = self._parts.get(key)
        if part is None:
            lists = self._by_whom[key]
            needed = frozenset(one.id for one in lists).union(*(self._bases[one.id] for one in lists))
            ruling = Scoped((scope, one) for one in lists for scope in one.by_scope)
            part = self._parts[key] = BookPart(needed, ruling)
        return part


class BookPart(NamedTuple):
    """The lists that are for one customer, tier, group, area, branch or channel, or for everybody.

    A list that names a second thing is in the part of its first: `is_for` has the say. Whether they hold now or not.
    """

    needed: frozenset[UUID]
    """The lists whose entries a document needs: those of the part, and all that these stand on."""
    ruling: Scoped[PriceList]
    """The lists that have a rule for each scope."""


class BookView(NamedTuple):
    """The part of a book that is for one buyer."""

    parts: tuple[BookPart, ...]
    """Where its lists are, the narrower first."""
    promotions: tuple[Promotion, ...] = ()
    promoted: tuple[Scoped[Promotion], ...] = ()
    """The promotions that look at lines of each scope, in parts like the lists: `is_for` has the say."""


def ring_of(bases: Mapping[UUID, Iterable[UUID]], start: UUID) -> bool:
    """Whether a list stands on itself. `bases` says on which lists each stands."""
    seen: set[UUID] = set()
    ahead = list(bases.get(start, ()))
    while ahead:
        one = ahead.pop()
        if one == start:
            return True
        if one not in seen:
            seen.add(one)
            ahead.extend(bases.get(one, ()))
    return False


def depth_of(bases: Mapping[UUID, Iterable[UUID]]) -> int:
    """How many lists stand on one another at most. They must not stand in a ring."""
    known: dict[UUID, int] = {}

    def depth(one: UUID) -> int:
        if one not in known:
            known[one] = max((1 + depth(below) for below in bases.get(one, ())), default=0)
        return known[one]

    return max((depth(one) for one in bases), default=0)


EMPTY_BOOK = RuleBook()
