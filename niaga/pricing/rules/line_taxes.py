"""The tax of every line, rounded by the line or by the group of one tax on the document, and what is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from niaga.core.money import split_amount
from niaga.pricing.rules.draft import Draft
from niaga.pricing.rules.priced import Fault, SharedFacts
from niaga.pricing.rules.request import PriceRequest
from niaga.pricing.rules.tax import Taxed, TaxFormula, rate_on

ZERO = Decimal(0)


def tax_formulas(request: PriceRequest, drafts: Sequence[Draft], faults: list[Fault]) -> list[TaxFormula]:
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


def taxed_by_line(request: PriceRequest, drafts: Sequence[Draft]) -> list[Taxed]:
    if request.prices_include_tax:
        return [draft.formula.included(draft.amount - draft.share) for draft in drafts]
    return [draft.formula.excluded(draft.amount - draft.share) for draft in drafts]


def round_by_group(
    request: PriceRequest, drafts: Sequence[Draft], formulas: Sequence[TaxFormula], taxed: list[Taxed]
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


def taxes_told(code: str, drafts: Sequence[Draft], *, shared: bool) -> dict[int, SharedFacts]:
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
