"""What people take off: of a line, of the document, and with points; the latter two shared over goods and services."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from niaga.core.money import split_amount
from niaga.pricing.rules.draft import Draft
from niaga.pricing.rules.loyalty import Points, Used, points_off
from niaga.pricing.rules.priced import Fault, Step
from niaga.pricing.rules.request import CHARGE, PriceRequest

ZERO = Decimal(0)
HUNDRED = Decimal(100)


def take_off_line(draft: Draft, step: Decimal, faults: list[Fault]) -> None:
    """What a person takes off the line, after what promotions took."""
    line, gross, steps = draft.line, draft.gross, draft.steps
    discount = draft.promoted
    draft.discount_percent = ZERO
    if line.discount_percent:
        draft.discount_percent = line.discount_percent
        part = ((gross - discount) * line.discount_percent / HUNDRED).quantize(step, ROUND_HALF_UP)
        discount += part
        steps.append(
            Step("line_discount_percent", gross - discount, {"percent": line.discount_percent, "amount": part})
        )
    if line.discount_amount:
        amount = line.discount_amount.quantize(step, ROUND_HALF_UP)
        if draft.promoted:  # what a promotion took away cannot be taken twice, and must not stop the sale
            amount = min(amount, gross - discount)
        discount += amount
        if discount > gross:
            faults.append(Fault(line.key, "discount_amount", "discount_above_amount"))
        steps.append(Step("line_discount_amount", gross - discount, {"amount": amount}))
    draft.discount = discount
    draft.amount = gross - discount


def share_discount(request: PriceRequest, drafts: Sequence[Draft], step: Decimal, faults: list[Fault]) -> Decimal:
    """Share the document discount over counted goods and services by amount, to the last unit of the currency."""
    if not request.discount_percent and not request.discount_amount:
        return ZERO
    sharing = [draft for draft in drafts if draft.counted and draft.amount and draft.line.kind is not CHARGE]
    amounts = [draft.amount for draft in sharing]
    whole = sum(amounts, ZERO)
    discount = ZERO
    if request.discount_percent:
        discount = (whole * request.discount_percent / HUNDRED).quantize(step, ROUND_HALF_UP)
    if request.discount_amount:
        discount += request.discount_amount.quantize(step, ROUND_HALF_UP)
    if discount > whole:
        if not any(draft.promoted for draft in drafts):
            faults.append(Fault(None, "discount_amount", "discount_above_amount"))
            return ZERO
        discount = whole
    for draft, share in zip(sharing, split_amount(discount, amounts, request.currency), strict=True):
        if share:
            draft.share = share
            draft.steps.append(Step("document_discount", draft.amount - share, {"amount": share, "of": discount}))
    return discount


NO_POINTS = Used(0, ZERO, 0)


def use_points(request: PriceRequest, points: Points, drafts: Sequence[Draft], step: Decimal) -> Used:
    """Take off what points are worth, shared over counted goods and services by what is left of each."""
    sharing = [
        draft for draft in drafts if draft.counted and draft.amount > draft.share and draft.line.kind is not CHARGE
    ]
    amounts = [draft.amount - draft.share for draft in sharing]
    used = points_off(points, sum(amounts, ZERO), step)
    for draft, part in zip(sharing, split_amount(used.amount, amounts, request.currency), strict=True):
        if part:
            draft.points = part
            draft.share += part
            facts: dict[str, object] = {"amount": part, "of": used.amount, "points": used.points}
            if points.amount is None:
                facts["each"] = points.value
            draft.steps.append(Step("points", draft.amount - draft.share, facts))
    return used
