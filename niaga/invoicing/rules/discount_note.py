"""What a discount that includes its tax takes off the lines of an invoice, so that the tax of what remains is the rate
times what remains. Pure.

Each line is lessened by its share of the discount and taxed anew by its own rate on what is left of it; what the line
lost of net and taxes is on the credit note. Where no whole base gives the wanted sum, the difference is carried to the
next line; what is left at the end is the note's rounding, never tax.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from niaga.core.money import split_amount
from niaga.invoicing.rules.crediting import Figures
from niaga.pricing.rules.request import TaxRate
from niaga.pricing.rules.tax import Taxed, TaxFormula

NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a line after earlier credit notes. `shown` is what the customer sees of it, with its tax where
    prices include it; `by_buyer`: a collector pays its taxes to the state."""

    shown: Decimal
    net: Decimal
    other_tax_base: Decimal
    tax: Decimal
    luxury_tax: Decimal
    rate: TaxRate
    by_buyer: bool = False

    @property
    def taxed(self) -> Decimal:
        return self.net + self.tax + self.luxury_tax

    def payable(self, *, inclusive: bool) -> Decimal:
        """What the buyer pays to us of it."""
        if self.by_buyer:
            return self.net
        return self.shown if inclusive else self.taxed


class DiscountNote(NamedTuple):
    """What each line loses, in their order, and the rounding that makes the note what was let go."""

    parts: list[Figures]
    rounding: Decimal


def discount_note(
    lines: Sequence[Left], *, amount: Decimal, inclusive: bool, currency: str, groups: Sequence[int] | None = None
) -> DiscountNote:
    """Take `amount` off what the buyer pays to us of the lines. Without `groups` the tax of each line is rounded by
    itself; with them (a number for each line) it is that of a group of lines, rounded once, as on the invoice.

    :raises ValueError: it is more than is left
    """
    units = _units(len(lines), groups)
    wholes = [_sum([lines[place] for place in unit]) for unit in units]
    weights = [max(whole.payable(inclusive=inclusive), NOUGHT) for whole in wholes]
    if not 0 < amount <= sum(weights, NOUGHT):
        raise ValueError("more than is left")
    parts = [Figures(*[NOUGHT] * 7)] * len(lines)
    carried = rounding = NOUGHT
    shares = split_amount(amount, weights, currency)
    for unit, whole, weight, share in zip(units, wholes, weights, shares, strict=True):
        if not weight or share + (NOUGHT if inclusive and not whole.by_buyer else carried) <= 0:
            carried += share  # what the lines before took too much is more than this one's share
            continue
        rest = _rest(whole, share + carried, inclusive=inclusive, formula=TaxFormula(whole.rate, currency))
        lost = Taxed(
            whole.net - rest.net, whole.other_tax_base - rest.other_tax_base, whole.tax - rest.tax, NOUGHT,
            whole.luxury_tax - rest.luxury_tax,
        )  # fmt: skip
        paid = lost.net if whole.by_buyer else lost.net + lost.tax + lost.luxury_tax
        if inclusive and not whole.by_buyer:  # what the customer sees is kept, to the last unit
            rounding += share - paid
            shown = share
        else:
            carried += share - paid
            shown = lost.net + lost.tax + lost.luxury_tax if inclusive else lost.net
        for place, part in zip(unit, _shared([lines[place] for place in unit], lost, shown, currency), strict=True):
            parts[place] = part
    return DiscountNote(parts, rounding + carried)


def _rest(whole: Left, amount: Decimal, *, inclusive: bool, formula: TaxFormula) -> Taxed:
    """What a line comes to when so much less is paid for it."""
    if whole.by_buyer:
        return formula.excluded(max(whole.net - amount, NOUGHT))
    return formula.included(max((whole.shown if inclusive else whole.taxed) - amount, NOUGHT))


def _units(count: int, groups: Sequence[int] | None) -> list[list[int]]:
    if groups is None:
        return [[place] for place in range(count)]
    found: dict[int, list[int]] = {}
    for place, group in enumerate(groups):
        found.setdefault(group, []).append(place)
    return list(found.values())


def _sum(lines: Sequence[Left]) -> Left:
    sums: dict[str, Any] = {
        name: sum((getattr(line, name) for line in lines), NOUGHT)
        for name in ("shown", "net", "other_tax_base", "tax", "luxury_tax")
    }
    return replace(lines[0], **sums)


def _shared(lines: Sequence[Left], lost: Taxed, shown: Decimal, currency: str) -> list[Figures]:
    weights = [max(line.net, NOUGHT) for line in lines]
    figures = [
        split_amount(figure, weights, currency)
        for figure in (shown, lost.net, lost.other_tax_base, lost.tax, lost.luxury_tax)
    ]
    return [Figures(one, NOUGHT, NOUGHT, *rest) for one, *rest in zip(*figures, strict=True)]
