"""Payments, locked for the verbs that change them."""

from collections.abc import Collection
from uuid import UUID

from niaga.core.errors import NotFound
from niaga.payments.models import Payment


def lock_payment(payment_id: UUID) -> Payment:
    """The payment, locked, with its branch and company. The verb checks access, and locks the credit account before.

    :raises NotFound: no such payment
    """
    rows = Payment.objects.select_for_update(of=("self",)).select_related("branch", "company", "clearing", "reversal")
    found = rows.filter(pk=payment_id).first()
    if found is None:
        raise NotFound()
    return found


def customers_of_payments(payment_ids: Collection[UUID]) -> set[UUID]:
    """Whose payments these are. No statement without any."""
    if not payment_ids:
        return set()
    return set(Payment.objects.filter(pk__in=list(payment_ids)).values_list("customer_id", flat=True))


def customer_of_payment(payment_id: UUID) -> UUID:
    """:raises NotFound: no such payment"""
    found = Payment.objects.filter(pk=payment_id).values_list("customer_id", flat=True).first()
    if found is None:
        raise NotFound()
    return found
