from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.core.money import round_amount
from niaga.invoicing.errors import NothingToCredit, ReasonMissing
from niaga.invoicing.services.draft_invoice import draft_invoice


@dataclass(frozen=True, slots=True)
class FreeLine:
    """So much of a product at a price without tax. `fee_percent` of it is kept, as a line of its own said `fee`."""

    product_id: UUID
    unit_id: UUID
    factor: Decimal
    description: str
    quantity: Decimal
    unit_price: Decimal
    fee_percent: Decimal = Decimal(0)
    fee: str = ""


def draft_free_credit(
    *, batch: Batch, about: Any, party: Mapping[str, Any], lines: Sequence[FreeLine], reason: str, reference: str,
    by: UUID | None, at: datetime, today: date,
) -> UUID:  # fmt: skip
    """Add a draft credit note that corrects no invoice to the batch: nobody knows which. So it lessens no tax: of what
    tax invoice it would be is not known. `about` says company, branch, customer, salesperson and currency, which is the
    company's own. Returns the note's id; it takes effect when it is issued, as the customer's credit.

    :raises ReasonMissing: no reason was given
    :raises NothingToCredit: nothing is left above zero
    """
    if not reason.strip():
        raise ReasonMissing(field="reason")
    rows: list[dict[str, Any]] = []
    for line in lines:
        amount = round_amount(line.quantity * line.unit_price, about.currency)
        rows.append(_row(line, len(rows) + 1, line.description, line.quantity, line.unit_price, amount))
        if fee := round_amount(amount * line.fee_percent / 100, about.currency):
            charge = {"kind": "charge", "product_id": None, "unit_id": None, "factor": Decimal(1)}
            rows.append({**_row(line, len(rows) + 1, line.fee, Decimal(1), -fee, -fee), **charge})
    net = sum((row["net"] for row in rows), Decimal(0))
    if net <= 0:
        raise NothingToCredit()
    return draft_invoice(
        batch=batch, kind="credit_note", company_id=about.company_id, branch_id=about.branch_id,
        customer_id=about.customer_id, salesperson_id=about.salesperson_id, party=party, term_name="", term=[],
        totals={"currency": about.currency, "subtotal": net, "net": net, "total": net}, lines=rows,
        customer_reference=reference, reason=reason.strip(), tax_by_buyer=Decimal(0), by=by, at=at, today=today,
    )  # fmt: skip


def _row(
    line: FreeLine, place: int, description: str, quantity: Decimal, price: Decimal, amount: Decimal
) -> dict[str, Any]:
    return {
        "id": new_id(), "position": place, "kind": "item", "description": description, "product_id": line.product_id,
        "unit_id": line.unit_id, "factor": line.factor, "quantity": quantity, "list_price": price, "unit_price": price,
        "amount": amount, "net": amount, "tax_code": "", "tax_rate": Decimal(0), "parts": [], "steps": [],
    }  # fmt: skip
