from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.invoicing.errors import NoDiscount, NotPaidUpToDiscount, ReasonMissing
from niaga.invoicing.models import Invoice
from niaga.invoicing.queries.early_discounts import standing_offers
from niaga.invoicing.services.allocate import lock_open_invoices
from niaga.invoicing.services.give_discounts import Occasion, give_discounts
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.credit import lock_credit_account


@transaction.atomic
def grant_discount(*, invoice_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Let go of an early-payment discount though the money came late: a person's yes, never the system's.

    Who may write off a part of a claim may do this: it gives up no more than the term once promised.

    :raises NotFound: no such issued invoice
    :raises Forbidden: the person may not write off
    :raises ReasonMissing: no reason was given
    :raises NoDiscount: its term has none, or it was given, or nothing is open
    :raises NotPaidUpToDiscount: more is open than the discount
    :raises PeriodClosed: the books of today's month are closed
    """
    rows = Invoice.objects.select_related("branch").filter(pk=invoice_id, status="issued")
    claim = rows.exclude(kind="credit_note").first()
    if claim is None:
        raise NotFound()
    access_of(by).require("invoice", "write_off", claim)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    account = lock_credit_account(claim.customer_id)
    [invoice] = lock_open_invoices(invoice_ids=[invoice_id])
    offer = standing_offers(invoice_ids=[invoice_id], on=None).get(invoice_id)
    if offer is None:
        raise NoDiscount()
    if offer.pay:
        raise NotPaidUpToDiscount(pay=offer.pay)
    occasion = Occasion(
        claim.company_id, claim.branch_id, account.account_id, day_at(at=at, zone=claim.branch.zone),
        claim.number or "", late=True, reason=reason.strip()[:1000],
    )  # fmt: skip
    give_discounts(rests={invoice_id: (offer, invoice.open)}, occasion=occasion, by=by, at=at)
