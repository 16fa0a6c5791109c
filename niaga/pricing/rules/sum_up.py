"""From priced lines to the priced document: sums, groups of tax, rounding of the total, cost and margin."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from niaga.pricing.rules.draft import Draft
from niaga.pricing.rules.loyalty import Used
from niaga.pricing.rules.priced import Applied, PricedDocument, PricedLine, Problem, TaxGroup
from niaga.pricing.rules.request import GOODS, PriceRequest
from niaga.pricing.rules.tax import TaxFormula

ZERO = Decimal(0)


def sum_up(
    request: PriceRequest,
    drafts: Sequence[Draft],
    lines: Sequence[PricedLine],
    subtotal: Decimal,
    discount: Decimal,
    total_step: Decimal | None,
    problems: Sequence[Problem],
    applied: Sequence[Applied],
    used: Used,
) -> PricedDocument:
    counted = [line for line in lines if line.counted]
    net = sum([line.net for line in counted], ZERO)
    other_tax_base = sum([line.other_tax_base for line in counted], ZERO)
    tax = sum([line.tax for line in counted], ZERO)
    luxury_tax = sum([line.luxury_tax for line in counted], ZERO)
    rounding = sum([line.rounding for line in counted], ZERO)
    total = net + tax + luxury_tax + rounding
    if total_step:
        rounded = (total / total_step).quantize(Decimal(1), ROUND_HALF_UP) * total_step
        rounding += rounded - total
        total = rounded
    cost = margin = None
    goods = [line for draft, line in zip(drafts, lines, strict=True) if line.counted and draft.line.kind is GOODS]
    if all(line.cost is not None for line in goods):
        cost = sum([line.cost for line in counted if line.cost is not None], ZERO)
        margin = net - cost
    return PricedDocument(
        currency=request.currency,
        prices_include_tax=request.prices_include_tax,
        lines=tuple(lines),
        subtotal=subtotal,
        discount=discount,
        net=net,
        other_tax_base=other_tax_base,
        tax=tax,
        tax_groups=_groups(drafts, lines),
        rounding=rounding,
        total=total,
        cost=cost,
        margin=margin,
        problems=tuple(problems),
        promotions=tuple(applied),
        points_used=used.points,
        points_amount=used.amount,
        points_most=used.most,
        luxury_tax=luxury_tax,
    )


def _groups(drafts: Sequence[Draft], lines: Sequence[PricedLine]) -> tuple[TaxGroup, ...]:
    members: dict[TaxFormula, list[PricedLine]] = {}
    for draft, line in zip(drafts, lines, strict=True):
        if line.counted and draft.line.tax is not None:
            members.setdefault(draft.formula, []).append(line)
    return tuple(
        TaxGroup(
            group[0].tax_code,
            formula.rate.rate,
            formula.numerator,
            formula.denominator,
            formula.rate.transaction_code,
            sum([line.net for line in group], ZERO),
            sum([line.other_tax_base for line in group], ZERO),
            sum([line.tax for line in group], ZERO),
            formula.rate.luxury_rate,
            sum([line.luxury_tax for line in group], ZERO),
        )
        for formula, group in members.items()
    )
