"""The rule book: every price list of a company and its rules, immutable, found by what a line is and who buys.

A book is read once for each version of it and shared by all documents of a process. It holds no prices of products,
of which there may be millions; the entries of a document's products come with its lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeVar
from uuid import UUID

from niaga.pricing.rules.buyer import Buyer

DEEPEST = 10
"""So many lists may stand on one another."""
REMEMBERED = timedelta(days=31)
"""So long an ended list is named among those that lost."""
MOST_VIEWS = 512
"""So many buyers' parts of a book are remembered."""
EVERY_DAY = 0b1111111


class Basis(StrEnum):
    """What a formula starts from."""

    PRICE = "price"
    """The product's own price."""
    COST = "cost"
    """The product's cost; in prices that include tax, with its tax."""
    LIST = "list"
    """What another list says, or the product's own price where that list is silent."""


Scope = UUID | str | tuple[UUID, str] | None
"""What a rule is for: a product, a family of variants, a category, a brand (text), a category of one brand, or all."""


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
        if self.product_id is not None or self.family_id is not None:
            return self.product_id or self.family_id
        if self.category_id is not None:
            return (self.category_id, self.brand) if self.brand else self.category_id
        return self.brand or None


@dataclass(frozen=True, slots=True)
class PriceList:
    """A list's head: for whom it is, when it holds, and its rules."""

    id: UUID
    name: str
    customer_id: UUID | None = None
    group_id: UUID | None = None
    territory_id: UUID | None = None
    branch_id: UUID | None = None
    channel_id: UUID | None = None
    priority: int = 0
    valid_from: date | None = None
    valid_until: date | None = None
    weekdays: int = EVERY_DAY
    """A bit for each day, Monday the lowest."""
    from_time: time | None = None
    until_time: time | None = None
    """Not included. Before `from_time` it is reached past midnight, and the weekday is that of the evening before."""
    rules: tuple[PriceRule, ...] = ()
    by_scope: Mapping[Scope, tuple[PriceRule, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_scope", _gathered((rule.scope, rule) for rule in self.rules))

    def is_for(self, buyer: Buyer) -> bool:
        return (
            (self.customer_id is None or self.customer_id == buyer.customer_id)
            and (self.group_id is None or self.group_id == buyer.group_id)
            and (self.territory_id is None or self.territory_id in buyer.territory_ids)
            and (self.branch_id is None or self.branch_id == buyer.branch_id)
            and (self.channel_id is None or self.channel_id == buyer.channel_id)
        )

    def narrowness(self, buyer: Buyer) -> tuple[bool, bool, int, bool, bool]:
        """Between lists that fit: the smaller goes first. What a list does not name comes after what it names."""
        areas = buyer.territory_ids
        return (
            self.customer_id is None,
            self.group_id is None,
            areas.index(self.territory_id) if self.territory_id is not None else len(areas),
            self.branch_id is None,
            self.channel_id is None,
        )

    def why_not(self, day: date, clock: time | None) -> str:
        """Why it does not hold at this moment; empty when it does."""
        if self.valid_from is not None and day < self.valid_from:
            return "not_yet_valid"
        if self.valid_until is not None and day > self.valid_until:
            return "expired"
        if self.weekdays == EVERY_DAY and self.from_time is None and self.until_time is None:
            return ""
        return self._why_not_now(day, clock)

    def _why_not_now(self, day: date, clock: time | None) -> str:
        begins, ends = self.from_time or time.min, self.until_time
        evening = day
        if self.from_time is not None or ends is not None:
            if clock is None:
                return "other_hour"
            if ends is None or ends > begins:
                if not begins <= clock or (ends is not None and clock >= ends):
                    return "other_hour"
            elif ends <= clock < begins:
                return "other_hour"
            elif clock < ends:
                evening = day - timedelta(days=1)
        return "" if self.weekdays & (1 << evening.weekday()) else "other_weekday"


class RuleBook:
    """All lists of one company and currency. `version` names the state it was read in; books never change."""

    __slots__ = ("_bases", "_by_whom", "_views", "asks_for_categories", "lists", "names_products", "version")

    def __init__(self, lists: Iterable[PriceList] = (), *, version: UUID | None = None) -> None:
        self.version = version
        self.lists: Mapping[UUID, PriceList] = {one.id: one for one in lists}
        self._by_whom = _gathered((_whom(one), one) for one in self.lists.values())
        self._views: dict[Buyer, BookView] = {}
        self.asks_for_categories = any(rule.category_id for one in self.lists.values() for rule in one.rules)
        """Whether a rule is for a category, so that the categories above a product's own must be known."""
        self.names_products = any(rule.product_id for one in self.lists.values() for rule in one.rules)
        self._bases = {one.id: self._closure(one) for one in self.lists.values()}

    def with_list(self, list_id: UUID, instead: PriceList | None) -> RuleBook:
        """A book in which this list stands in the place of the one with the key, or none does: for asking "what if"."""
        others = [one for one in self.lists.values() if one.id != list_id]
        return RuleBook([*others, instead] if instead is not None else others, version=self.version)

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
        """What of the book is for this buyer; remembered for some hundreds of buyers."""
        view = self._views.get(buyer)
        if view is None:
            lists = [one for key in _keys_of(buyer) for one in self._by_whom.get(key, ()) if one.is_for(buyer)]
            needed = frozenset(one.id for one in lists).union(*(self._bases[one.id] for one in lists))
            by_scope = _gathered((scope, one) for one in lists for scope in one.by_scope)
            if len(self._views) >= MOST_VIEWS:
                self._views = {}  # a new one, since other threads may be reading the old
            view = self._views[buyer] = BookView(needed, by_scope)
        return view


class BookView(NamedTuple):
    """The part of a book that is for one buyer, whether its lists hold now or not."""

    needed: frozenset[UUID]
    """The lists whose entries a document needs: those for the buyer, and all that these stand on."""
    by_scope: Mapping[Scope, tuple[PriceList, ...]]
    """The lists that have a rule for each scope."""


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


Whom = tuple[str, UUID | None]
_EVERYBODY: Whom = ("", None)


def _whom(one: PriceList) -> Whom:
    """The narrowest thing that a list names: enough to find it by."""
    for name in ("customer_id", "group_id", "territory_id", "branch_id", "channel_id"):
        key: UUID | None = getattr(one, name)
        if key is not None:
            return name, key
    return _EVERYBODY


def _keys_of(buyer: Buyer) -> list[Whom]:
    keys: list[Whom] = [
        (name, key)
        for name, key in (
            ("customer_id", buyer.customer_id),
            ("group_id", buyer.group_id),
            ("branch_id", buyer.branch_id),
            ("channel_id", buyer.channel_id),
        )
        if key is not None
    ]
    return [*keys, *[("territory_id", area) for area in buyer.territory_ids], _EVERYBODY]


K = TypeVar("K")
V = TypeVar("V")


def _gathered(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}


EMPTY_BOOK = RuleBook()
