from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.clock import today as day_at
from niaga.core.money import round_amount
from niaga.invoicing.errors import WritesOffTooMuch
from niaga.invoicing.models import WriteOffDeed, WriteOffKind
from niaga.invoicing.queries.write_off_gate import claim_with_gate, refuse_without_yes
from niaga.invoicing.queries.write_offs import small_rest_of
from niaga.invoicing.services.allocate import lock_open_invoices
from niaga.invoicing.services.write_off_parts import write_off_parts
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.credit import lock_credit_accounts


@transaction.atomic
def write_off_invoice(
    *, invoice_id: UUID, amount: Decimal | None = None, reason: str, by: Actor, at: datetime
) -> WriteOffDeed:
    """Give up what is open of an issued invoice, or `amount` of it. The invoice stays; this stands beside it.

    The whole of a rest that is not above the company's threshold is a difference and needs nobody's yes. For
    everything else the rules about approvals hold. PPN stays owed to the state: the VAT law lessens it for returned
    goods and cancelled services only (UU PPN Art. 5A), not for a debt that is not paid.

    :raises NotFound: no such issued invoice
    :raises Forbidden: the person may not write it off
    :raises ReasonMissing: no reason was given
    :raises WritesOffTooMuch: no amount above nothing, finer than the currency's unit, or more than is open
    :raises ApprovalNeeded: a rule asks for a yes that nobody gave to so much
    :raises PeriodClosed: the books of today's month are closed
    """
    claim = claim_with_gate(invoice_id)
    access_of(by).require("invoice", "write_off", claim)
    [account_id] = [one.account_id for one in lock_credit_accounts([claim.customer_id]).values()]
    [invoice] = lock_open_invoices(invoice_ids=[invoice_id])
    given_up = invoice.open if amount is None else amount
    if not 0 < given_up <= invoice.open or given_up != round_amount(given_up, invoice.currency):
        raise WritesOffTooMuch(field="amount", open=invoice.open)
    small = given_up == invoice.open and invoice.settles(given_up) <= small_rest_of(claim.company_id)
    today = day_at(at=at, zone=claim.branch.zone)
    if not small:
        refuse_without_yes(claim, amount=given_up, today=today)
    kind = WriteOffKind.DIFFERENCE if small else WriteOffKind.BAD_DEBT
    return write_off_parts([(claim, invoice, given_up)], {invoice.customer_id: account_id}, kind, reason, by=by, at=at)
