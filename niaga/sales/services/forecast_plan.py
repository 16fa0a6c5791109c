from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from niaga.core.errors import Invalid
from niaga.organization.access import Actor
from niaga.parties.queries.customers import customer_for
from niaga.sales.models import RecurringPlan
from niaga.sales.queries.recurring import get_plan
from niaga.sales.rules.lines import LineInput, from_json
from niaga.sales.rules.recurring import Span, spans, told_period
from niaga.sales.services.period_lines import period_lines, priced_lines
from niaga.sales.services.plan_terms import PlanTerms, check_terms
from niaga.sales.services.price_document import price_document
from niaga.sales.services.price_plan import price_plan
from niaga.sales.services.selling_facts import AS_IT_IS, selling_facts


@dataclass(frozen=True, slots=True)
class Coming:
    """A period that will be billed, and about what it comes to by today's prices and tax."""

    span: Span
    told: str
    text: str
    total: Decimal
    currency: str


def forecast_plan(*, plan: RecurringPlan, at: datetime, most: int = 12) -> list[Coming]:
    """What the next periods of a plan will bill; nothing is written. Periods of the same prices are counted once: a
    few statements however many there are.

    :raises Refusal: a product is no longer sold, or the customer is archived
    """
    customer, context = selling_facts(
        customer_id=plan.customer_id, branch_id=plan.branch_id, chosen=AS_IT_IS, at=at
    )  # fmt: skip
    known: dict[tuple[object, ...], Decimal] = {}
    found, language = [], customer.language or "id"
    if plan.status == "ended":
        return []
    for span in spans(plan.rhythm_in(context.country), number=plan.next_number, most=most):
        kept = period_lines(plan=plan, span=span, language=language)
        alike = (span.days < span.whole and (span.days, span.whole), *(one.get("unit_price") for one in kept))
        if alike not in known:
            lines = priced_lines(
                kept=kept, span=span, customer=customer, context=context, currency=plan.currency
            )  # fmt: skip
            priced = price_document(
                context=context, customer=customer, on=context.today, lines=lines, currency=plan.currency
            )
            known[alike] = priced.totals["total"]
        text = next((line.description for line in map(from_json, kept) if line.is_priced and line.description), "")
        found.append(Coming(span, told_period(span.first, span.last, language), text, known[alike], plan.currency))
    return found


def preview_plan(
    *,
    plan_id: UUID | None,
    customer_id: UUID,
    branch_id: UUID,
    lines: Sequence[LineInput],
    terms: PlanTerms,
    by: Actor,
    at: datetime,
) -> list[Coming]:
    """What a plan as it is typed would bill next; nothing is written.

    :raises NotFound: no such plan or customer for this person
    :raises Forbidden: the person may not write its invoices
    :raises Refusal: as where it is saved
    """
    held = None if plan_id is None else get_plan(plan_id=plan_id, by=by)
    customer_for(by, customer_id)
    priced = price_plan(customer_id=customer_id, branch_id=branch_id, lines=lines, by=by, at=at)
    check_terms(terms, lines=lines, today=priced.context.today, is_new=held is None)
    plan = RecurringPlan(
        customer_id=customer_id, branch_id=branch_id, lines=priced.lines, currency=priced.currency,
        next_number=held.next_number if held else 1, **{name: getattr(terms, name) for name in PlanTerms.__slots__},
    )  # fmt: skip
    first = next(spans(plan.rhythm_in(priced.context.country), number=plan.next_number, most=1), None)
    if first is None:
        raise Invalid(field="end")
    same = held is not None and held.lines == priced.lines
    plan.prices_since = held.prices_since if held is not None and same else first.first
    return forecast_plan(plan=plan, at=at)
