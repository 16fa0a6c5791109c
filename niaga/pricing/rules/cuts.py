"""What a promotion takes off single lines, and off all lines or charges of a document. Pure arithmetic.

Combinations of lines: `combination.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from niaga.core.money import split_amount
from niaga.pricing.rules.position import Position
from niaga.pricing.rules.promotion import Promotion, PromotionKind, Tier

ZERO = Decimal(0)
HUNDRED = Decimal(100)
_PERCENT, _AMOUNT = PromotionKind.PERCENT, PromotionKind.AMOUNT


class Cut(NamedTuple):
    """What comes off one line, how that came about, and how many whole units took part."""

    position: Position
    amount: Decimal
    facts: dict[str, object]
    used: Decimal = ZERO


def line_cut(one: Promotion, tier: Tier, position: Position, step: Decimal) -> tuple[Decimal, dict[str, object]]:
    """What comes off a single line, and how that came about."""
    amount, quantity = position.amount, position.quantity
    if one.kind is _PERCENT:
        return (amount * tier.figure / HUNDRED).quantize(step, ROUND_HALF_UP), {"percent": tier.figure}
    whole = (tier.figure * quantity).quantize(step, ROUND_HALF_UP)
    facts: dict[str, object] = {"each": tier.figure, "units": quantity}
    if one.kind is _AMOUNT:
        return min(whole, amount), facts
    return max(amount - whole, ZERO), facts


def charge_cuts(tier: Tier, charges: Sequence[Position], step: Decimal) -> list[Cut] | str:
    """So many percent off each charge, or why nothing: `no_better`."""
    facts: dict[str, object] = {"percent": tier.figure}
    cuts = [Cut(at, (at.amount * tier.figure / HUNDRED).quantize(step, ROUND_HALF_UP), facts) for at in charges]
    return cuts or "no_better"


def document_cuts(
    one: Promotion, tier: Tier, lines: Sequence[Position], currency: str, step: Decimal
) -> list[Cut] | str:
    """A percentage or an amount off all lines together, shared by what is left of each; or why nothing:
    `other_promotion`, `no_better`.
    """
    whole = sum([at.amount for at in lines], ZERO)
    if not whole:
        return "other_promotion"
    if one.kind is PromotionKind.BASKET_PERCENT:
        cut = (whole * tier.figure / HUNDRED).quantize(step, ROUND_HALF_UP)
    else:
        cut = min(tier.figure.quantize(step, ROUND_HALF_UP), whole)
    shares = split_amount(cut, [at.amount for at in lines], currency)
    cuts = [Cut(at, share, {"of": cut}) for at, share in zip(lines, shares, strict=True) if share]
    return cuts or "no_better"
