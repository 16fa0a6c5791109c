from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.approvals.services.ask_approval import Subject, ask_approval
from niaga.core.clock import today as day_at
from niaga.invoicing.errors import WritesOffTooMuch
from niaga.invoicing.queries.write_off_gate import claim_with_gate, lacking_for
from niaga.invoicing.services.allocate import lock_open_invoices
from niaga.organization.access import Actor, access_of


@transaction.atomic
def ask_write_off(
    *, invoice_id: UUID, amount: Decimal | None = None, reason: str = "", by: Actor, at: datetime
) -> UUID:
    """Ask those whom the rules name to let an invoice, or `amount` of it, be written off. Returns the request.

    :raises NotFound: no such issued invoice
    :raises Forbidden: the person may not write it off
    :raises WritesOffTooMuch: more than is open, or nothing
    :raises NoApprovalNeeded, ApprovalAskedAlready, NobodyCanApprove: see `ask_approval`
    """
    claim = claim_with_gate(invoice_id)
    access_of(by).require("invoice", "write_off", claim)
    [invoice] = lock_open_invoices(invoice_ids=[invoice_id])
    given_up = invoice.open if amount is None else amount
    if not 0 < given_up <= invoice.open:
        raise WritesOffTooMuch(field="amount", open=invoice.open)
    rules, facts = lacking_for(claim, amount=given_up, today=day_at(at=at, zone=claim.branch.zone))
    subject = Subject(
        kind="write_off", id=claim.pk, number=claim.number or "", company_id=claim.company_id,
        branch_id=claim.branch_id, salesperson_id=claim.salesperson_id, party_id=claim.customer_id,
        party=claim.customer.name, amount=given_up, currency=claim.currency,
    )  # fmt: skip
    return ask_approval(subject=subject, rules=rules, facts=facts, note=reason, by=by, at=at).pk
