from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, WrongState
from niaga.invoicing.errors import ReasonMissing
from niaga.invoicing.models import DiscountReversal, GivenDiscount
from niaga.invoicing.services.allocate import lock_open_invoices
from niaga.invoicing.services.take_back_discounts import take_back_discounts
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.credit import lock_credit_account


@transaction.atomic
def take_back_discount(*, discount_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Claim a discount again that was given: it was a mistake.

    :raises NotFound: no such discount
    :raises Forbidden: the person may not write off, nor take it back
    :raises ReasonMissing: no reason was given
    :raises WrongState: it was taken back before
    :raises PeriodClosed: the books of today's month are closed
    """
    given = GivenDiscount.objects.select_related("invoice__branch").filter(pk=discount_id).first()
    if given is None:
        raise NotFound()
    access_of(by).require("invoice", "write_off", given.invoice)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    account = lock_credit_account(given.invoice.customer_id)
    lock_open_invoices(invoice_ids=[given.invoice_id])
    if DiscountReversal.objects.filter(given_id=given.pk).exists():
        raise WrongState()
    today = day_at(at=at, zone=given.invoice.branch.zone)
    take_back_discounts(
        found=[given], account_id=account.account_id, reason=reason.strip()[:1000], today=today, by=by, at=at
    )
