"""What a part of an invoice line comes to when it is credited. Pure.

The line's frozen figures are shared out by quantity, or by its net: what is credited up to there is the figure times
that share of the whole, rounded; a part is that less what was credited before. So however an invoice is credited, the
parts add up to what was sold, and nothing is priced anew.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from niaga.core.money import round_amount


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a line, or of a part of it."""

    amount: Decimal
    discount_amount: Decimal
    document_discount: Decimal
    net: Decimal
    other_tax_base: Decimal
    tax: Decimal
    luxury_tax: Decimal = Decimal(0)
    points_discount: Decimal = Decimal(0)
    """What of `document_discount` points took off."""


FIGURES = (
    "amount", "discount_amount", "document_discount", "net", "other_tax_base", "tax", "luxury_tax", "points_discount",
)  # fmt: skip


def credit_part(
    figures: Figures, *, whole: Decimal, already: Decimal, quantity: Decimal, currency: str,
    had: Figures | None = None,
) -> Figures:  # fmt: skip
    """The figures of `quantity` more of a line of `whole`, after `already` was credited; all in the line's unit. `had`
    are the figures that were; without them, what that quantity comes to."""
    if not already and quantity == whole:
        return figures
    if had is None:
        had = _upto(figures, already, whole, currency)
    return _less(_upto(figures, already + quantity, whole, currency), had)


def credit_rest(
    figures: Figures, *, had: Figures, discount: Decimal, quantity: Decimal, left: Decimal, currency: str
) -> Figures:
    """The figures of `quantity` of the `left` of a line of which an early-payment discount took `discount` off: its
    share of what the discount left. The amount is told as it was sold, and the discount beside it."""
    rest = _less(figures, had)
    rest = replace(rest, amount=rest.amount + discount, document_discount=rest.document_discount + discount)
    return rest if quantity == left else _upto(rest, quantity, left, currency)


def credit_net(figures: Figures, *, had: Figures, net: Decimal, currency: str) -> Figures:
    """The figures of exactly so much more of a line's net."""
    return _less(_upto(figures, had.net + net, figures.net, currency), had)


def _upto(figures: Figures, part: Decimal, whole: Decimal, currency: str) -> Figures:
    return Figures(*(round_amount(getattr(figures, name) * part / whole, currency) for name in FIGURES))


def _less(figures: Figures, other: Figures) -> Figures:
    return Figures(*(getattr(figures, name) - getattr(other, name) for name in FIGURES))


@dataclass(frozen=True, slots=True)
class Fee:
    """What is kept of a line's credit: a share of every figure, so that tax follows."""

    percent: Decimal
    description: str


def fee_part(part: Figures, percent: Decimal, currency: str) -> Figures:
    """The figures of a fee on a credited part, below zero; points are not kept."""

    def kept(figure: Decimal) -> Decimal:
        return -round_amount(figure * percent / 100, currency)

    amount = part.amount - part.document_discount
    taxed = (kept(figure) for figure in (part.net, part.other_tax_base, part.tax, part.luxury_tax))
    return Figures(kept(amount), Decimal(0), Decimal(0), *taxed)


@dataclass(frozen=True, slots=True)
class Charge:
    """What is kept of a credit for something else, as a line of its own, such as a gift that does not come back."""

    amount: Decimal
    description: str


def charge_part(part: Figures, amount: Decimal, currency: str) -> Figures:
    """The figures of so much that is kept, below zero, taxed like a credited part."""
    whole = part.amount - part.document_discount

    def kept(figure: Decimal) -> Decimal:
        return -round_amount(figure * amount / whole, currency)

    taxed = (kept(figure) for figure in (part.net, part.other_tax_base, part.tax, part.luxury_tax))
    return Figures(-amount, Decimal(0), Decimal(0), *taxed)


def credit_rounding(
    parts: list[Figures], *, prices_include_tax: bool, is_last: bool, left_total: Decimal
) -> tuple[Decimal, Decimal]:
    """Rounding and total of a credit note of `parts`.

    The note that credits the last of an invoice takes all that is left of its total. Before, prices that include tax
    leave the difference between the shown prices and net with its taxes, as on the invoice.
    """
    nought = Decimal(0)
    taxed = sum((part.net + part.tax + part.luxury_tax for part in parts), nought)
    if is_last:
        return left_total - taxed, left_total
    if not prices_include_tax:
        return nought, taxed
    total = sum((part.amount - part.document_discount for part in parts), nought)
    return total - taxed, total
