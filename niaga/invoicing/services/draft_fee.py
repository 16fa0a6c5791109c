from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.invoicing.services.draft_invoice import draft_invoice
from niaga.parties.queries.selling_facts import CustomerFacts
from niaga.pricing.rules.request import TaxRate
from niaga.pricing.rules.tax import TaxFormula

NOUGHT = Decimal(0)
_SUMS = ("net", "other_tax_base", "tax", "luxury_tax")


def fee_line(
    *, place: int, text: str, amount: Decimal, rate: TaxRate, currency: str, tax_category_id: UUID | None
) -> dict[str, Any]:
    """A line of a fee invoice: `amount` is without tax."""
    taxed = TaxFormula(rate, currency).excluded(amount)
    return {
        "id": new_id(), "position": place, "kind": "charge", "description": text, "quantity": Decimal(1),
        "list_price": amount, "unit_price": amount, "amount": amount,
        **{name: getattr(taxed, name) for name in _SUMS}, "luxury_rate": rate.luxury_rate,
        "tax_category_id": tax_category_id, "tax_code": rate.transaction_code, "tax_rate": rate.rate,
        "base_numerator": rate.base_numerator, "base_denominator": rate.base_denominator,
    }  # fmt: skip


def draft_fee(
    *, batch: Batch, kind: str, customer: CustomerFacts, branch_id: UUID, salesperson_id: UUID | None, currency: str,
    home: str, lines: Sequence[Mapping[str, Any]], treatment: Mapping[str, Any], term_name: str = "",
    term: Sequence[Mapping[str, Any]] = (), by: UUID | None, at: datetime, today: date,
) -> UUID:  # fmt: skip
    """Add a draft fee invoice to the batch: what a customer is charged beside what was sold. `lines` are those of
    `fee_line`, `treatment` is how the buyer is taxed; without a `term` it is due at once."""
    sums = {name: sum((line[name] for line in lines), NOUGHT) for name in _SUMS}
    return draft_invoice(
        batch=batch, kind=kind, company_id=customer.company_id, branch_id=branch_id, customer_id=customer.id,
        salesperson_id=salesperson_id, party=customer.frozen_party(), term_name=term_name, term=term, lines=lines,
        exchange_rate=Decimal(1) if currency == home else None, by=by, at=at, today=today,
        totals={
            "currency": currency, "prices_include_tax": False, "subtotal": sums["net"], **sums,
            "rounding": NOUGHT, "total": sums["net"] + sums["tax"] + sums["luxury_tax"], "tax_rounding": "line",
            "tax_treatment": dict(treatment),
        },
    )  # fmt: skip
