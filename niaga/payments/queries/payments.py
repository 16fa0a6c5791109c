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
