from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from niaga.organization.queries.document_context import DocumentContext
from niaga.parties.queries.selling_facts import CustomerFacts
from niaga.sales.models import RecurringPlan
from niaga.sales.rules.lines import LineInput, as_json, from_json
from niaga.sales.rules.recurring import Span, filled, raised, shared
from niaga.sales.services.price_document import price_document


def period_lines(*, plan: RecurringPlan, span: Span, language: str) -> list[dict[str, Any]]:
    """The lines of a period as they hold when its day comes: texts filled, typed prices raised and shared out by days.
    Asks the database nothing."""
    kept = []
    for facts in plan.lines:
        line = from_json(facts)
        text = line.description or (plan.text if line.is_priced else "")
        line = replace(line, description=filled(text, span=span, language=language, product=facts.get("name", "")))
        if line.unit_price is not None:
            price = raised(
                line.unit_price, percent=plan.raise_percent, since=plan.prices_since, on=span.first,
                currency=plan.currency,
            )  # fmt: skip
            line = replace(line, unit_price=_part(price, span, plan.currency))
        if line.discount_amount:
            line = replace(line, discount_amount=_part(line.discount_amount, span, plan.currency))
        kept.append(as_json(line))
    return kept


def priced_lines(
    *, kept: Sequence[dict[str, Any]], span: Span, customer: CustomerFacts, context: DocumentContext, currency: str
) -> list[LineInput]:
    """Those lines for an order: what goes by the price list of the day is shared out by days too, where the period is
    shorter. Two statements then, else none."""
    lines = [from_json(facts) for facts in kept]
    if not span.is_partial or not any(line.is_priced and line.unit_price is None for line in lines):
        return lines
    result = price_document(context=context, customer=customer, on=context.today, lines=lines, currency=currency)
    return [
        replace(line, unit_price=_part(row["unit_price"], span, currency), promised=True)
        if line.is_priced and line.unit_price is None
        else line
        for line, row in zip(lines, result.rows, strict=False)
    ]


def _part(amount: Any, span: Span, currency: str) -> Any:
    return shared(amount, days=span.days, whole=span.whole, currency=currency)
