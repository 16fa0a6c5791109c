"""The one place where prices are computed: quotation, order, invoice, till and web shop all ask `price_lines`.

In order: list price, manual price, promotions, line discount, document discount, tax, rounding of the total. Each
stage writes a step on the line. Amounts are rounded half up, at the named places only: the unit price to six decimals,
then gross, discount, other tax base and tax to the currency's unit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import partial
from operator import attrgetter
from uuid import UUID

from niaga.core.money import exponent, split_amount
from niaga.pricing.rules.list_price import Shop, list_price
from niaga.pricing.rules.priced import (
    Applied,
    Fault,
    PricedDocument,
    PricedLine,
    PriceRefused,
    Problem,
    SharedFacts,
    Step,
    TaxGroup,
)
from niaga.pricing.rules.promote import promote
from niaga.pricing.rules.request import CHARGE, GOODS, LineRequest, PriceRequest, TaxRounding
from niaga.pricing.rules.tax import Taxed, TaxFormula, policy_on, rate_on

ZERO = Decimal(0)
HUNDRED = Decimal(100)
MOST = Decimal(10) ** 12
"""The largest quantity, factor or price of a line."""
MOST_AMOUNT = Decimal(10) ** 14
"""The largest amount of a line or document: numeric(19,4) holds ten times as much."""
# Exact for every product of two accepted figures; a comparison with NaN is False instead of an exception.
CONTEXT = Context(prec=50, rounding=ROUND_HALF_UP, traps=[])


class _Draft:
    """A line on its way."""

    __slots__ = (
        "amount",
        "counted",
        "discount",
        "discount_percent",
        "formula",
        "gift_of",
        "gross",
        "line",
        "list_price",
        "promoted",
        "share",
        "steps",
        "unit_price",
    )

    list_price: Decimal | None
    unit_price: Decimal
    gross: Decimal
    discount_percent: Decimal
    discount: Decimal
    amount: Decimal
    steps: list[Step]
    formula: TaxFormula

    def __init__(self, line: LineRequest) -> None:
        self.line = line
        self.counted = line.chosen or not line.optional
        self.share = ZERO
        self.promoted = ZERO
        self.gift_of: UUID | None = None


def price_lines(request: PriceRequest) -> PricedDocument:
    """Price a whole document. Pure: no clock, no database, no settings.

    :raises PriceRefused: something in the request can never be priced; every fault is named
    """
    with localcontext(CONTEXT):
        faults = _faults(request)
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
            _discount(draft, step, faults)
        formulas = _formulas(request, drafts, faults)
        subtotal = sum([draft.amount for draft in drafts if draft.counted], ZERO)
        if subtotal > MOST_AMOUNT:
            faults.append(Fault(None, "lines", "amount_too_large"))
        discount = ZERO if faults else _share_discount(request, drafts, step, faults)
        if faults:
            raise PriceRefused(tuple(faults))
        policy = policy_on(request.policies, request.on_date)
        shared = policy.tax_rounding is TaxRounding.DOCUMENT
        taxed = _taxed_by_line(request, drafts)
        if shared:
            _round_by_group(request, drafts, formulas, taxed)
        code = "tax_included" if request.prices_include_tax else "tax"
        told = _taxes_told(code, drafts, shared=shared)
        lines = [_finish(draft, answer, code, told) for draft, answer in zip(drafts, taxed, strict=True)]
        return _document(request, drafts, lines, subtotal, discount, policy.total_step, problems, applied)


_CHECKED: tuple[tuple[str, str, Decimal], ...] = (
    ("quantity", "negative_or_absurd", MOST),
    ("base_price", "negative_or_absurd", MOST),
    ("own_unit_price", "negative_or_absurd", MOST),
    ("manual_price", "negative_or_absurd", MOST),
    ("unit_cost", "negative_or_absurd", MOST),
    ("discount_amount", "negative_or_absurd", MOST_AMOUNT),
    ("discount_percent", "not_a_percentage", HUNDRED),
)
_figures = attrgetter(*(name for name, _code, _most in _CHECKED))


def _faults(request: PriceRequest) -> list[Fault]:
    faults: list[Fault] = []
    for line in request.lines:
        faults.extend(
            [
                Fault(line.key, field, code)
                for value, (field, code, most) in zip(_figures(line), _CHECKED, strict=True)
                if value is not None and not ZERO <= value <= most
            ]
        )
        if not ZERO < line.unit_factor <= MOST:
            faults.append(Fault(line.key, "unit_factor", "negative_or_absurd"))
        if not all(ZERO <= entry.price <= MOST and ZERO <= entry.min_quantity <= MOST for entry in line.entries):
            faults.append(Fault(line.key, "entries", "negative_or_absurd"))
    if request.discount_percent is not None and not ZERO <= request.discount_percent <= HUNDRED:
        faults.append(Fault(None, "discount_percent", "not_a_percentage"))
    if request.discount_amount is not None and not ZERO <= request.discount_amount <= MOST_AMOUNT:
        faults.append(Fault(None, "discount_amount", "negative_or_absurd"))
    return faults


def _draft(shop: Shop, line: LineRequest, step: Decimal, faults: list[Fault], problems: list[Problem]) -> _Draft:
    """Everything about a line that does not depend on the others, but tax."""
    draft = _Draft(line)
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


def _gift(shop: Shop, step: Decimal, promotion: UUID, quantity: Decimal, line: LineRequest) -> _Draft:
    """A line that nobody asked for, at its price and wholly taken off."""
    draft = _draft(shop, replace(line, key=f"gift:{promotion}", quantity=quantity), step, [], [])
    draft.gift_of = promotion
    draft.promoted = draft.gross
    named = shop.request.book.promotions[promotion]
    facts = {"promotion": promotion, "name": named.name, "kind": named.kind.value, "amount": draft.gross}
    draft.steps.append(Step("promotion", ZERO, facts))
    return draft


def _discount(draft: _Draft, step: Decimal, faults: list[Fault]) -> None:
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


def _formulas(request: PriceRequest, drafts: Sequence[_Draft], faults: list[Fault]) -> list[TaxFormula]:
    """Give every line the formula of its tax; one formula per tax code, in order of appearance."""
    by_identity: dict[int, TaxFormula] = {}  # hashing a category with its rates for every line would cost more
    by_code: dict[str | None, TaxFormula] = {}
    for draft in drafts:
        category = draft.line.tax
        formula = by_identity.get(id(category))
        if formula is None:
            code = category.code if category is not None else None
            formula = by_code.get(code)
            if formula is None:
                rate = rate_on(category, request.on_date)
                if rate is None:
                    faults.append(Fault(draft.line.key, "tax", "no_tax_rate"))
                    continue
                formula = by_code[code] = TaxFormula(rate, request.currency)
            by_identity[id(category)] = formula
        draft.formula = formula
    return list(by_code.values())


def _share_discount(request: PriceRequest, drafts: Sequence[_Draft], step: Decimal, faults: list[Fault]) -> Decimal:
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


def _taxed_by_line(request: PriceRequest, drafts: Sequence[_Draft]) -> list[Taxed]:
    if request.prices_include_tax:
        return [draft.formula.included(draft.amount - draft.share) for draft in drafts]
    return [draft.formula.excluded(draft.amount - draft.share) for draft in drafts]


def _round_by_group(
    request: PriceRequest, drafts: Sequence[_Draft], formulas: Sequence[TaxFormula], taxed: list[Taxed]
) -> None:
    """Compute the tax of each group once, from its sum, and share it over its counted lines by amount."""
    for formula in formulas:
        rows = [
            n
            for n, draft in enumerate(drafts)
            if draft.counted and draft.formula is formula and draft.amount > draft.share
        ]
        if not rows:
            continue
        amounts = [drafts[n].amount - drafts[n].share for n in rows]
        whole = sum(amounts, ZERO)
        group = formula.included(whole) if request.prices_include_tax else formula.excluded(whole)
        bases = split_amount(group.net, amounts, request.currency)
        others = split_amount(group.other_tax_base, amounts, request.currency)
        taxes = split_amount(group.tax, amounts, request.currency)
        luxuries = split_amount(group.luxury_tax, amounts, request.currency)
        for n, amount, base, other, tax, luxury in zip(rows, amounts, bases, others, taxes, luxuries, strict=True):
            rounding = amount - base - tax - luxury if request.prices_include_tax else ZERO
            taxed[n] = Taxed(base, other, tax, rounding, luxury)


def _taxes_told(code: str, drafts: Sequence[_Draft], *, shared: bool) -> dict[int, SharedFacts]:
    """What the lines of one tax tell alike, by the identity of its category."""
    told: dict[int, SharedFacts] = {}
    for draft in drafts:
        tax = draft.line.tax
        if tax is None or id(tax) in told:
            continue
        rate = draft.formula.rate
        told[id(tax)] = SharedFacts(
            code,
            {
                "tax": tax.code,
                "rate": rate.rate,
                "numerator": rate.base_numerator,
                "denominator": rate.base_denominator,
                "luxury_rate": rate.luxury_rate or None,
                "rounded": "document" if shared else None,
                "why": tax.why or None,
                "transaction_code": rate.transaction_code if tax.why else None,
            },
        )
    return told


def _finish(draft: _Draft, taxed: Taxed, code: str, told: Mapping[int, SharedFacts]) -> PricedLine:
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
        rate.luxury_rate,
        luxury,
    )


def _document(
    request: PriceRequest,
    drafts: Sequence[_Draft],
    lines: Sequence[PricedLine],
    subtotal: Decimal,
    discount: Decimal,
    total_step: Decimal | None,
    problems: Sequence[Problem],
    applied: Sequence[Applied],
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
        luxury_tax=luxury_tax,
    )


def _groups(drafts: Sequence[_Draft], lines: Sequence[PricedLine]) -> tuple[TaxGroup, ...]:
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
