"""What `price_lines` is asked: every fact a price depends on, handed in by the caller.

Nothing here is looked up. The same request gives the same answer on any machine and on any day, so a stored request
can be priced again years later. All amounts are Decimal in the document's one currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from niaga.pricing.rules.book import EMPTY_BOOK, RuleBook
from niaga.pricing.rules.buyer import EVERYBODY, Buyer


class LineKind(StrEnum):
    GOODS = "goods"
    SERVICE = "service"
    CHARGE = "charge"
    """Freight, handling, packing: taxed like any line, but outside the document discount."""


GOODS, SERVICE, CHARGE = LineKind
"""For what is asked of every line: to look a member up in its class takes Python 3.11 longer than the question."""


class TaxRounding(StrEnum):
    LINE = "line"
    """Each line's tax is rounded (Indonesia): the same figures feed invoice, ledger and tax file."""
    DOCUMENT = "document"
    """Tax is rounded once per tax group and shared over its lines (usual in the EU)."""


@dataclass(frozen=True, slots=True)
class TaxPolicy:
    """How the company rounds, from `valid_from` to `valid_until` (both days included)."""

    tax_rounding: TaxRounding = TaxRounding.LINE
    total_step: Decimal | None = None
    """Round the document's total half up to a multiple of this (100, or 0.05); None leaves it."""
    valid_from: date = date.min
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A rate in percent of a fraction of the taxable amount: PPN "nilai lain" is 12 % of 11/12.

    `luxury_rate` is that of PPnBM, which producers and importers of luxury goods charge beside PPN: in percent of the
    whole taxable amount, never of its fraction, and neither is in the base of the other (UU PPN Art. 8 and 10).
    """

    rate: Decimal
    valid_from: date = date.min
    valid_until: date | None = None
    base_numerator: int = 1
    base_denominator: int = 1
    transaction_code: str = ""
    luxury_rate: Decimal = Decimal(0)

    @property
    def charges(self) -> bool:
        """Whether anything is added to a price."""
        return bool(self.rate or self.luxury_rate)


@dataclass(frozen=True, slots=True)
class TaxCategory:
    """A tax category with its rates over time. Periods must not overlap; if they do, the latest start wins."""

    code: str
    rates: tuple[TaxRate, ...]
    why: str = ""
    """What made the rate another than the category's own: `place` or `buyer`."""
    taken_out: TaxRate | None = None
    """Prices that include tax hold this one, which the buyer does not pay."""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """The price of one product in one price list; what the list says about itself is in the book.

    `min_quantity` counts in the entry's own unit. `unit` None means the product's base unit; such a price serves
    every unit by its factor, but an entry in the line's own unit goes before it.
    """

    list_id: UUID
    price: Decimal
    min_quantity: Decimal = Decimal(0)
    unit: str | None = None


class Conversion(NamedTuple):
    """How a product's own price, in the company's currency, becomes one in the document's: divided by `rate`."""

    home: str
    rate: Decimal
    """Of the company's currency for one of the document's."""
    on: date
    """The day from which the rate holds."""


class Kept(NamedTuple):
    """What a promotion took off a line that keeps its price."""

    promotion_id: UUID
    name: str
    amount: Decimal


@dataclass(slots=True)
class LineRequest:
    """One line to be priced. `key` comes back unchanged on the priced line.

    Nobody changes one; frozen, the lines of a long document would take three times as long to make.
    """

    key: str
    quantity: Decimal
    unit: str = ""
    unit_factor: Decimal = Decimal(1)
    """How many base units one `unit` holds."""
    product_id: UUID | None = None
    category_ids: tuple[UUID, ...] = ()
    """The product's own category first, then those above it."""
    brand: str = ""
    family_id: UUID | None = None
    """Whose variant the product is."""
    kind: LineKind = LineKind.GOODS
    base_price: Decimal | None = None
    """The product's list price for one base unit; None when there is none in this currency."""
    own_unit_price: Decimal | None = None
    """The product's list price for one `unit`, when that unit has a price of its own."""
    entries: tuple[ListEntry, ...] = ()
    tax: TaxCategory | None = None
    """None: outside the scope of tax."""
    manual_price: Decimal | None = None
    """For one `unit`; goes before every list."""
    discount_percent: Decimal | None = None
    discount_amount: Decimal | None = None
    """For the whole line, after the percentage."""
    unit_cost: Decimal | None = None
    """For one base unit, without tax; None when unknown."""
    optional: bool = False
    chosen: bool = False
    """An optional line counts only when it was chosen."""
    kept: tuple[Kept, ...] = ()
    """With `manual_price`: the line stands as it was promised, promotions and all."""


@dataclass(frozen=True, slots=True)
class Gift:
    """What a promotion gives when it holds, with all that is known of the product. Its quantity is the promotion's."""

    promotion_id: UUID
    line: LineRequest


@dataclass(frozen=True, slots=True)
class PriceRequest:
    """A whole document to be priced on one day in one currency."""

    currency: str
    on_date: date
    lines: tuple[LineRequest, ...]
    prices_include_tax: bool = False
    buyer: Buyer = EVERYBODY
    conversion: Conversion | None = None
    """For a document in another currency: its lines' `base_price` and `own_unit_price` are in the company's."""
    at_time: time | None = None
    """The hour at the branch; None: lists with hours do not hold."""
    book: RuleBook = EMPTY_BOOK
    policies: tuple[TaxPolicy, ...] = ()
    discount_percent: Decimal | None = None
    discount_amount: Decimal | None = None
    """Over the whole document, after the percentage; shared over goods and services, not over charges."""
    coupons: tuple[tuple[UUID, str], ...] = ()
    """The promotions that coupons open, each with the code."""
    given: frozenset[UUID] = frozenset()
    """Promotions that the document has already: what is given once for a document is not given again."""
    used_up: frozenset[UUID] = frozenset()
    """Promotions of which nothing is left for this buyer."""
    left: tuple[tuple[UUID, Decimal], ...] = ()
    """Of promotions with a budget, what is left of it: no more than this comes off the document."""
    gifts: tuple[Gift, ...] = ()
    """Of every promotion that gives a product; without it the promotion gives nothing."""
