from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.invoicing.models import Invoice, InvoiceLine
from niaga.pricing.rules.tax_remarks import COLLECTORS


def collected(lines: Sequence[Mapping[str, Any]]) -> Decimal:
    """The taxes of lines whose buyer, a collector, pays them to the state."""
    taxes = [line["tax"] + line["luxury_tax"] for line in lines if line["tax_code"] in COLLECTORS]
    return sum(taxes, Decimal(0))


def draft_invoice(
    *,
    batch: Batch,
    kind: str,
    company_id: UUID,
    branch_id: UUID,
    customer_id: UUID,
    salesperson_id: UUID | None,
    party: Mapping[str, Any],
    term_name: str,
    term: Sequence[Mapping[str, Any]],
    totals: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    source_numbers: Sequence[str] = (),
    customer_reference: str = "",
    open_order_amount: Decimal = Decimal(0),
    advance_net: Decimal = Decimal(0),
    tax_by_buyer: Decimal | None = None,
    exchange_rate: Decimal | None = Decimal(1),
    instalments: Sequence[Mapping[str, Any]] = (),
    credits_id: UUID | None = None,
    reason: str = "",
    note: str = "",
    by: UUID | None,
    at: datetime,
    today: date,
) -> UUID:
    """Add a draft invoice or credit note to the batch.

    `totals` are the columns of `PricedHeader`, `lines` those of `InvoiceLine` with their `id`, made by the caller so
    that it can link to them. No number yet: it is drawn at issue. `advance_net` is what down payments take off the net.
    `exchange_rate` is 1 for a document in the company's own currency; in another it is found at issue.
    `tax_by_buyer` is what a collector pays to the state: without it, in the company's own currency, the taxes of the
    lines with its code.
    """
    invoice_id = new_id()
    is_home = exchange_rate == 1
    if tax_by_buyer is None:
        tax_by_buyer = collected(lines) if is_home else Decimal(0)
    batch.insert(
        Invoice,
        [
            {
                **totals, "id": invoice_id, "company_id": company_id, "branch_id": branch_id, "kind": kind,
                "customer_id": customer_id, "salesperson_id": salesperson_id, "party": dict(party),
                "term_name": term_name, "term": list(term), "source_numbers": list(source_numbers),
                "customer_reference": customer_reference, "open_order_amount": open_order_amount,
                "advance_net": advance_net, "advance_base": advance_net if is_home else Decimal(0),
                "exchange_rate": 1 if is_home else None, "base_total": totals["total"] if is_home else None,
                "tax_by_buyer": tax_by_buyer, "instalments": list(instalments),
                "credits_id": credits_id, "reason": reason, "note": note, "created_by": by, "created_at": at,
                "updated_at": at,
            }
        ],
    )  # fmt: skip
    batch.insert(InvoiceLine, lines, invoice_id=invoice_id)
    record(
        batch=batch, subject_kind="invoice", subject_id=invoice_id, verb="draft", by=by, at=at, company_id=company_id,
        to_status="draft",
    )  # fmt: skip
    return invoice_id
