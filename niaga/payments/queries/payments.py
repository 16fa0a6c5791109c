"""Payments a person may see."""

from uuid import UUID

from django.db.models import F, Q, QuerySet

from niaga.core.errors import NotFound
from niaga.core.queries.compiled import Compiled
from niaga.documents.queries.stamps import with_stamp
from niaga.organization.access import Actor, access_of, seen
from niaga.payments.models import Payment


def visible_payments(*, by: Actor) -> QuerySet[Payment]:
    """With `advance`: what settles no invoice yet."""
    return _with_advance(Payment.objects.filter(access_of(by).filter("payment")))


def _with_advance(rows: QuerySet[Payment]) -> QuerySet[Payment]:
    return rows.annotate(advance=F("amount") - F("allocated"))


def stamped_payments(*, by: Actor) -> QuerySet[Payment]:
    """With the stamp duty of the receipt, and the e-meterai on it."""
    return _stamped(visible_payments(by=by))


def _stamped(rows: QuerySet[Payment]) -> QuerySet[Payment]:
    return with_stamp(rows, stated=F("base_amount"), binding=Q(status="recorded"))


def get_payment(*, payment_id: UUID, by: Actor) -> Payment:
    """:raises NotFound: none, or none that `by` may see"""
    found = stamped_payments(by=by).filter(pk=payment_id).first()
    if found is None:
        raise NotFound()
    return found


def listed_payments(*, by: Actor) -> QuerySet[Payment]:
    """Payments for a list, with customer and whether a giro was cleared."""
    return stamped_payments(by=by).select_related("customer", "clearing")


def whole_payment(*, payment_id: UUID, by: Actor) -> Payment:
    """With customer, branch, bank account, clearing and reversal.

    :raises NotFound: none, or none that `by` may see
    """
    found: Payment | None = _WHOLE.one(payment_id)
    return seen(found, "payment", by=by)


_WHOLE = Compiled(
    lambda payment_id: (
        _stamped(_with_advance(Payment.objects.filter(pk=payment_id)))
        .select_related("customer", "company", "branch", "bank_account", "clearing", "reversal")
    )
)  # fmt: skip


def payments_by_id() -> QuerySet[Payment]:
    """All payments, as a subquery for the numbers of those that settle an invoice one may see."""
    return Payment.objects.all()


def advances_of(*, customer_id: UUID, by: Actor) -> QuerySet[Payment]:
    """The customer's payments with something left, the oldest first."""
    rows = visible_payments(by=by).filter(customer_id=customer_id, status="recorded", allocated__lt=F("amount"))
    return rows.order_by("date", "id")
