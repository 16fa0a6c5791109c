from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.errors import NotFound, Refusal
from niaga.invoicing.errors import NothingToInvoice
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.selling_facts import customer_facts
from niaga.sales.models import BillingCause
from niaga.sales.models.billing import BillingWay
from niaga.sales.queries.billing import unbilled
from niaga.sales.services.invoice_orders import invoice_orders

ARCHIVED = "customer_archived"


@transaction.atomic
def bill_cause(*, cause_id: UUID, by: Actor, at: datetime) -> BillingCause:
    """Write the invoice that follows from a cause, and issue it where its rule says so: all of it or nothing, and never
    twice. What is refused is kept with its reason and waits.

    :raises NotFound: there is no such cause
    :raises Forbidden: the person may not write invoices, or not issue them where its rule says so
    """
    cause = BillingCause.objects.select_for_update().filter(pk=cause_id).first()
    if cause is None:
        raise NotFound()
    access_of(by).require("invoice", "create", cause)
    if cause.issues:
        access_of(by).require("invoice", "issue", cause)
    if cause.done_at is not None:
        return cause
    cause.tried_at = at
    try:
        with transaction.atomic():
            cause.invoice_id = _written(cause, by, at)
            if cause.issues:
                issue_invoice(invoice_id=cause.invoice_id, by=by, at=at)
        cause.done_at, cause.code, cause.reason = at, "", ""
    except NothingToInvoice as refusal:  # billed by hand meanwhile
        cause.invoice_id, cause.done_at, cause.code, cause.reason = None, at, refusal.code, str(refusal.message)
    except Refusal as refusal:
        cause.invoice_id, cause.code, cause.reason = None, refusal.code, str(refusal.message)
    cause.save(update_fields=["invoice", "code", "reason", "tried_at", "done_at"])
    return cause


def _written(cause: BillingCause, by: Actor, at: datetime) -> UUID:
    customer = customer_facts(customer_id=cause.customer_id)
    if customer is None or customer.is_archived:
        raise Archived()
    orders = [UUID(one) for one in cause.order_ids]
    if cause.kind == BillingWay.CONFIRMATION:
        return invoice_orders(order_ids=orders, basis="ordered", by=by, at=at)
    quantities = unbilled(order_ids=orders, delivery_id=cause.delivery_id, until=cause.until)
    if not quantities:
        raise NothingToInvoice()
    return invoice_orders(order_ids=orders, quantities=quantities, by=by, at=at)


class Archived(Refusal):
    code = ARCHIVED

    def __init__(self) -> None:
        super().__init__(_("The customer is archived. Take them back, or put this aside."))
