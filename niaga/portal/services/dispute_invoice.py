from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import translation

from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound
from niaga.invoicing.queries.invoices import invoice_lines
from niaga.invoicing.services.raise_dispute import raise_dispute
from niaga.portal.errors import NothingSaid
from niaga.portal.queries.owed import invoice_of
from niaga.portal.queries.visitors import Visitor
from niaga.portal.rules.reasons import REASONS
from niaga.portal.services.open_case import Files, open_case
from niaga.portal.words import REASON_WORDS


@transaction.atomic
def dispute_invoice(
    *, visitor: Visitor, invoice_id: UUID, line_id: UUID | None, reason: str, amount: Decimal | None, text: str,
    files: Files, at: datetime,
) -> UUID:  # fmt: skip
    """Note that the customer does not agree with an invoice, or with a line or an amount of it: reminders rest until it
    is settled, and what is said about it stands in a case. Returns the case's id.

    :raises NotFound: no such invoice of the customer, or no such line of it
    :raises Invalid: no such reason
    :raises NothingSaid: nothing is written
    :raises invoicing.NothingOpen, InDispute, MoreThanOpen: see `raise_dispute`
    :raises BadProof: a file is neither a picture nor a PDF
    """
    invoice = invoice_of(visitor, invoice_id, today=day_at(at=at, zone=visitor.zone))
    if reason not in REASONS:
        raise Invalid(field="reason")
    if not text.strip():
        raise NothingSaid(field="text")
    line = None
    if line_id is not None:
        line = next((one for one in invoice_lines(invoice_id=invoice_id) if one.pk == line_id), None)
        if line is None:
            raise NotFound(field="line")
    with translation.override(invoice.company.language):
        parts = [str(REASON_WORDS[reason]), line.description[:120] if line else "", text.strip()]
    dispute_id = raise_dispute(
        invoice_id=invoice_id, reason=": ".join(part for part in parts if part)[:2000], amount=amount,
        raised_by_name=visitor.name[:120], by=visitor.actor, at=at,
    )  # fmt: skip
    values = {
        "invoice_id": invoice_id, "invoice_line_id": line_id, "dispute_id": dispute_id, "reason": reason,
        "amount": amount, "currency": invoice.currency,
    }  # fmt: skip
    return open_case(
        visitor=visitor, kind="dispute", text=text.strip(), files=files, values=values, number=invoice.number,
        seller=invoice.salesperson_id, at=at,
    )  # fmt: skip
