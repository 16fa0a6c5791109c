"""What `price_lines` answers, and how it refuses.

On every line::

    gross    = unit_price x quantity, rounded
    amount   = gross - discount_amount           (`promotion_discount` is in it)
    taxable  = amount - document_discount        (the line's share; `points_discount` is in it)
    taxable  = net                               prices without tax
    taxable  = net + tax + luxury_tax + rounding prices with tax
    total    = net + tax + luxury_tax + rounding

and on the document, always: `net + tax + luxury_tax + rounding == total`, each the sum over the counted lines, with the
rounding of the total (`TaxPolicy.total_step`) added to `rounding`. The names are those of the document columns
(`niaga.core.bases`): `amount` is what a person reads in the line, `net` is the tax base (DPP).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple
from uuid import UUID


def _store(facts: Mapping[str, object], into: dict[str, object]) -> None:
    """Put the facts into a step in the shape to store; what is empty is left out."""
    for name, fact in facts.items():
        kind = type(fact)
        if kind is Decimal:
            text = str(fact)  # as in `_text`: to call it for every figure would cost as much again
            into[name] = text if "E" not in text else format(fact, "f")
        elif kind is str or kind is int:
            into[name] = fact
        elif fact is not None:
            into[name] = fact if isinstance(fact, int) else str(fact)


def _text(figure: Decimal) -> str:
    text = str(figure)  # much quicker than format, and the same but where it writes an exponent
    return text if "E" not in text else format(figure, "f")


class SharedFacts:
    """Facts that very many steps tell alike, with the shape to store made once. Nobody changes them."""

    __slots__ = ("facts", "stored")

    def __init__(self, code: str, facts: Mapping[str, object]) -> None:
        self.facts = facts
        self.stored: dict[str, object] = {"code": code, "value": ""}
        """The step as it is stored, but for its value and its own facts: to be copied."""
        _store(facts, self.stored)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SharedFacts) and self.stored == other.stored

    __hash__ = None  # type: ignore[assignment]


class Step(NamedTuple):
    """One step on the way to a price: what was done (`code`), the value after it, the facts it was done with.

    The facts are in two parts, for to make all of them anew, of every step of a long document, costs more than to
    price it: `own`, and those that other steps tell alike.
    """

    code: str
    value: Decimal
    own: dict[str, object]
    shared: SharedFacts | None = None

    @property
    def facts(self) -> dict[str, object]:
        return self.own if self.shared is None else {**self.shared.facts, **self.own}


MOST_LOSERS = 12
"""So many losers, of lists or of promotions, are told of on a line; of more, the number."""


class PricedLine(NamedTuple):
    key: str
    counted: bool
    """False: an optional line that was not chosen. Its figures stand, but no document sum holds them."""
    list_price: Decimal | None
    """For one unit before anything manual; None when no price is known."""
    unit_price: Decimal
    gross: Decimal
    discount_percent: Decimal
    discount_amount: Decimal
    amount: Decimal
    document_discount: Decimal
    tax_code: str
    tax_rate: Decimal
    transaction_code: str
    net: Decimal
    other_tax_base: Decimal
    """What the rate is applied to (DPP nilai lain); equal to `net` for a full base."""
    tax: Decimal
    rounding: Decimal
    total: Decimal
    cost: Decimal | None
    margin: Decimal | None
    """`net` - `cost`; None when the cost is unknown."""
    steps: tuple[Step, ...]
    promotion_discount: Decimal = Decimal(0)
    """What of `discount_amount` promotions took off."""
    gift_of: UUID | None = None
    """The promotion that gives this line; it was not asked for."""
    points_discount: Decimal = Decimal(0)
    """What of `document_discount` points took off."""
    luxury_rate: Decimal = Decimal(0)
    luxury_tax: Decimal = Decimal(0)
    """PPnBM, of `net`."""

    @property
    def taxable(self) -> Decimal:
        return self.amount - self.document_discount

    @property
    def margin_percent(self) -> Decimal | None:
        """Margin in percent of `net`, two decimals; None when unknown or nothing is charged."""
        if self.margin is None or not self.net:
            return None
        return (self.margin * 100 / self.net).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def explanation(self) -> list[dict[str, object]]:
        """The steps in a shape to store beside the line."""
        told: list[dict[str, object]] = []
        value = text = None
        for code, at, own, shared in self.steps:
            if at is not value:  # those that lost all stand beside one value
                value, text = at, _text(at)
            if shared is not None:
                step = shared.stored.copy()
                step["value"] = text
            else:
                step = {"code": code, "value": text}
            if own:
                _store(own, step)
            told.append(step)
        return told


class TaxGroup(NamedTuple):
    """The counted lines of one tax category and rate, added up."""

    code: str
    rate: Decimal
    base_numerator: int
    base_denominator: int
    transaction_code: str
    net: Decimal
    other_tax_base: Decimal
    tax: Decimal
    luxury_rate: Decimal = Decimal(0)
    luxury_tax: Decimal = Decimal(0)


class Applied(NamedTuple):
    """A promotion that holds on the document, and what it took off in all."""

    promotion_id: UUID
    name: str
    code: str
    """Of the coupon that opened it."""
    amount: Decimal


class Problem(NamedTuple):
    """Something a person must settle before the document may be confirmed."""

    line_key: str
    code: str


@dataclass(frozen=True, slots=True)
class PricedDocument:
    currency: str
    prices_include_tax: bool
    lines: tuple[PricedLine, ...]
    subtotal: Decimal
    """Sum of the lines' `amount`, as shown: with tax in it when prices include tax. Charges are in it."""
    discount: Decimal
    net: Decimal
    other_tax_base: Decimal
    tax: Decimal
    tax_groups: tuple[TaxGroup, ...]
    rounding: Decimal
    total: Decimal
    cost: Decimal | None
    margin: Decimal | None
    """None as soon as the cost of one counted line of goods is unknown."""
    problems: tuple[Problem, ...]
    promotions: tuple[Applied, ...] = ()
    points_used: int = 0
    points_amount: Decimal = Decimal(0)
    """What points take off, beside `discount`."""
    points_most: int = 0
    """So many points could be used, when some are asked for."""
    luxury_tax: Decimal = Decimal(0)

    def line(self, key: str) -> PricedLine:
        """:raises KeyError: there is no such line"""
        for line in self.lines:
            if line.key == key:
                return line
        raise KeyError(key)


class Fault(NamedTuple):
    """One thing wrong with the request. `line_key` is None for the document itself."""

    line_key: str | None
    field: str
    code: str


class PriceRefused(ValueError):
    """The request cannot be priced; `faults` names every one, for the caller to show beside its fields.

    Codes: `negative_or_absurd`, `not_a_percentage`, `discount_above_amount`, `amount_too_large`, `no_tax_rate`.
    """

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.line_key or 'document'}.{fault.field}: {fault.code}" for fault in faults))
