"""The one place where prices are computed: quotation, order, invoice, till and web shop all ask `price_lines`.

In order: list price, manual price, promotions, line discount, document discount, points, tax, rounding of the total.
Each stage writes a step on the line. Amounts are rounded half up, at the named places only: the unit price to six
decimals, then gross, discount, other tax base and tax to the currency's unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import partial
from uuid import UUID

from niaga.core.money import exponent
from niaga.pricing.rules.discounts import NO_POINTS, share_discount, take_off_line, use_points
from niaga.pricing.rules.draft import Draft
from niaga.pricing.rules.faults import MOST_AMOUNT, faults_of
from niaga.pricing.rules.line_taxes import round_by_group, tax_formulas, taxed_by_line, taxes_told
from niaga.pricing.rules.list_price import list_price
from niaga.pricing.rules.priced import (
    Applied,
    Fault,
    PricedDocument,
    PricedLine,
    PriceRefused,
    Problem,
    SharedFacts,
    Step,
)
from niaga.pricing.rules.promote import promote
from niaga.pricing.rules.request import LineRequest, PriceRequest, TaxRounding
from niaga.pricing.rules.shop import Shop
from niaga.pricing.rules.sum_up import sum_up
from niaga.pricing.rules.tax import Taxed, policy_on

ZERO = Decimal(0)
# Exact for every product of two accepted figures; a comparison with NaN is False instead of an exception.
CONTEXT = Context(prec=50, rounding=ROUND_HALF_UP, traps=[])


def price_lines(request: PriceRequest) -> PricedDocument:
    """Price a whole document. Pure: no clock, no database, no settings.

    :raises PriceRefused: something in the request can never be priced; every fault is named
    """
    with localcontext(CONTEXT):
        faults = faults_of(request)
        if faults:
            raise PriceRefused(tuple(faults))
        step = Decimal(1).scaleb(-exponent(request.currency))
        problems: list[Problem] = []
        shop = Shop(request)
        drafts = [_draft(shop, line, step, faults, problems) for line in request.lines]
        applied: list[Applied] = []
        if shop.view.promotions and not faults:
            given = promote(shop, drafts, step, partial(_gift, shop, step))
            drafts += given.gifts
            applied = given.applied
        for draft in drafts:
            take_off_line(draft, step, faults)
        formulas = tax_formulas(request, drafts, faults)
        subtotal = sum([draft.amount for draft in drafts if draft.counted], ZERO)
        if subtotal > MOST_AMOUNT:
            faults.append(Fault(None, "lines", "amount_too_large"))
        discount = ZERO if faults else share_discount(request, drafts, step, faults)
        used = NO_POINTS if faults or request.points is None else use_points(request, request.points, drafts, step)
        if faults:
            raise PriceRefused(tuple(faults))
        policy = policy_on(request.policies, request.on_date)
        shared = policy.tax_rounding is TaxRounding.DOCUMENT
        taxed = taxed_by_line(request, drafts)
        if shared:
            round_by_group(request, drafts, formulas, taxed)
        code = "tax_included" if request.prices_include_tax else "tax"
        told = taxes_told(code, drafts, shared=shared)
        lines = [_finish(draft, answer, code, told) for draft, answer in zip(drafts, taxed, strict=True)]
        return sum_up(request, drafts, lines, subtotal, discount, policy.total_step, problems, applied, used)


def _draft(shop: Shop, line: LineRequest, step: Decimal, faults: list[Fault], problems: list[Problem]) -> Draft:
    """Everything about a line that does not depend on the others, but tax."""
    draft = Draft(line)
    factor = line.unit_factor
    price, steps = list_price(shop=shop, line=line, base_quantity=line.quantity * factor)
    draft.list_price = price
    draft.steps = steps
    if line.manual_price is not None:
        price = line.manual_price
        steps.append(Step("manual_price", price, {"unit": line.unit, "instead_of": draft.list_price}))
    elif price is None:
        price = ZERO
        steps.append(Step("no_price", price, {}))
        if draft.counted:
            problems.append(Problem(line.key, "no_price"))
    draft.unit_price = price
    gross = (price * line.quantity).quantize(step, ROUND_HALF_UP)
    draft.gross = gross
    if not gross <= MOST_AMOUNT:
        faults.append(Fault(line.key, "quantity", "amount_too_large"))
    steps.append(Step("gross", gross, {"unit_price": price, "quantity": line.quantity, "unit": line.unit}))
    for one in line.kept:
        kept = min(one.amount.quantize(step, ROUND_HALF_UP), gross - draft.promoted)
        draft.promoted += kept
        facts = {"promotion": one.promotion_id, "name": one.name, "amount": kept}
        steps.append(Step("promotion_kept", gross - draft.promoted, facts))
    return draft


def _gift(shop: Shop, step: Decimal, promotion: UUID, quantity: Decimal, line: LineRequest) -> Draft:
    """A line that nobody asked for, at its price and wholly taken off."""
    draft = _draft(shop, replace(line, key=f"gift:{promotion}", quantity=quantity), step, [], [])
    draft.gift_of = promotion
    draft.promoted = draft.gross
    named = shop.request.book.promotions[promotion]
    facts = {"promotion": promotion, "name": named.name, "kind": named.kind.value, "amount": draft.gross}
    draft.steps.append(Step("promotion", ZERO, facts))
    return draft


def _finish(draft: Draft, taxed: Taxed, code: str, told: Mapping[int, SharedFacts]) -> PricedLine:
    line = draft.line
    formula = draft.formula
    rate = formula.rate
    base, other, tax, rounding, luxury = taxed
    total = base + tax + luxury + rounding
    steps = draft.steps
    if line.tax is not None:
        own: dict[str, object] = {"net": base, "other_tax_base": other, "amount": tax, "rounding": rounding}
        if rate.luxury_rate:
            own["luxury_tax"] = luxury
        steps.append(Step(code, total, own, told[id(line.tax)]))
    if not draft.counted:
        steps.append(Step("not_chosen", ZERO, {}))
    cost = margin = None
    if line.unit_cost is not None:
        cost = (line.unit_cost * line.quantity * line.unit_factor).quantize(formula.step, ROUND_HALF_UP)
        margin = base - cost
    return PricedLine(
        line.key,
        draft.counted,
        draft.list_price,
        draft.unit_price,
        draft.gross,
        draft.discount_percent,
        draft.discount,
        draft.amount,
        draft.share,
        line.tax.code if line.tax is not None else "",
        rate.rate,
        rate.transaction_code,
        base,
        other,
        tax,
        rounding,
        total,
        cost,
        margin,
        tuple(steps),
        draft.promoted,
        draft.gift_of,
        draft.points,
        rate.luxury_rate,
        luxury,
    )
