"""Payments a person may see."""

from uuid import UUID

from django.db.models import F, QuerySet

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.payments.models import Payment


def visible_payments(*, by: Actor) -> QuerySet[Payment]:
    """With `advance`: what settles no invoice yet."""
    return Payment.objects.filter(access_of(by).filter("payment")).annotate(advance=F("amount") - F("allocated"))


def get_payment(*, payment_id: UUID, by: Actor) -> Payment:
    """:raises NotFound: none, or none that `by` may see"""
    found = visible_payments(by=by).filter(pk=payment_id).first()
    if found is None:
        raise NotFound()
    return found


def listed_payments(*, by: Actor) -> QuerySet[Payment]:
    """Payments for a list, with customer and whether a giro was cleared."""
    return visible_payments(by=by).select_related("customer", "clearing")


def whole_payment(*, payment_id: UUID, by: Actor) -> Payment:
    """With customer, branch, bank account, clearing and reversal.

    :raises NotFound: none, or none that `by` may see
    """
    rows = visible_payments(by=by).select_related("customer", "branch", "bank_account", "clearing", "reversal")
    found = rows.filter(pk=payment_id).first()
    if found is None:
        raise NotFound()
    return found


def payments_by_id() -> QuerySet[Payment]:
    """All payments, as a subquery for the numbers of those that settle an invoice one may see."""
    return Payment.objects.all()


def advances_of(*, customer_id: UUID, by: Actor) -> QuerySet[Payment]:
    """The customer's payments with something left, the oldest first."""
    rows = visible_payments(by=by).filter(customer_id=customer_id, status="recorded", allocated__lt=F("amount"))
    return rows.order_by("date", "id")
