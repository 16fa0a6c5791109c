from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.errors import NotFound, Refusal
from niaga.invoicing.errors import NothingToInvoice
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.selling_facts import customer_facts
from niaga.sales.models import BillingCause, Milestone
from niaga.sales.models.billing import BillingWay
from niaga.sales.queries.billing import still_billed_so, unbilled
from niaga.sales.services.bill_recurring import bill_recurring
from niaga.sales.services.invoice_down_payment import invoice_down_payment
from niaga.sales.services.invoice_orders import invoice_orders

ARCHIVED = "customer_archived"
CHOSEN_OTHERWISE = "chosen_otherwise"


@transaction.atomic
def bill_cause(*, cause_id: UUID, by: Actor, at: datetime) -> BillingCause:
    """Write the invoice that follows from a cause, and issue it where its rule says so: all of it or nothing, and never
    twice. What is refused is kept with its reason and waits; what is billed in another way by now is done.

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
    orders_before = cause.order_ids
    try:
        with transaction.atomic():
            cause.invoice_id = _written(cause, by, at)
            if cause.issues:
                issue_invoice(invoice_id=cause.invoice_id, by=by, at=at)
        cause.done_at, cause.code, cause.reason = at, "", ""
    except (NothingToInvoice, ChosenOtherwise) as refusal:  # billed by hand meanwhile, or to be billed in another way
        cause.invoice_id, cause.done_at, cause.code, cause.reason = None, at, refusal.code, str(refusal.message)
    except Refusal as refusal:
        cause.invoice_id, cause.code, cause.reason = None, refusal.code, str(refusal.message)
    if cause.invoice_id is None:
        cause.order_ids = orders_before
    cause.save(update_fields=["invoice", "order_ids", "code", "reason", "tried_at", "done_at"])
    return cause


def _written(cause: BillingCause, by: Actor, at: datetime) -> UUID:
    recurs = cause.kind == BillingWay.RECURRING
    orders = [] if recurs else still_billed_so(cause)
    if not orders and not recurs:
        raise ChosenOtherwise()
    customer = customer_facts(customer_id=cause.customer_id)
    if customer is None or customer.is_archived:
        raise Archived()
    if recurs:
        return bill_recurring(cause=cause, by=by, at=at)
    if cause.kind == BillingWay.MILESTONE:
        return _milestone(cause, orders[0], by, at)
    if cause.kind == BillingWay.CONFIRMATION:
        return invoice_orders(order_ids=orders, basis="ordered", by=by, at=at)
    quantities = unbilled(order_ids=orders, delivery_id=cause.delivery_id, until=cause.until)
    if not quantities:
        raise NothingToInvoice()
    return invoice_orders(order_ids=orders, quantities=quantities, by=by, at=at)


def _milestone(cause: BillingCause, order_id: UUID, by: Actor, at: datetime) -> UUID:
    """All but the last are down payments; the last bills what is left of the order and takes them off."""
    parts = list(Milestone.objects.filter(order_id=order_id).select_related("cause__invoice").order_by("position"))
    mine = next((one for one in parts if one.cause_id == cause.pk), None)
    if mine is None:  # another plan took its place
        raise ChosenOtherwise()
    if mine is not parts[-1]:
        return invoice_down_payment(order_id=order_id, percent=mine.percent, amount=mine.amount, by=by, at=at)
    before = [one.cause.invoice if one.cause else None for one in parts[:-1]]
    if any(invoice is None or invoice.status != "issued" for invoice in before):
        raise EarlierMilestones()
    return invoice_orders(order_ids=[order_id], basis="ordered", by=by, at=at)


class EarlierMilestones(Refusal):
    code = "earlier_milestones"

    def __init__(self) -> None:
        super().__init__(_("The last milestone takes off the others: issue their invoices first."))


class Archived(Refusal):
    code = ARCHIVED

    def __init__(self) -> None:
        super().__init__(_("The customer is archived. Take them back, or put this aside."))


class ChosenOtherwise(Refusal):
    code = CHOSEN_OTHERWISE

    def __init__(self) -> None:
        super().__init__(_("Another way of billing was chosen for the order."))
