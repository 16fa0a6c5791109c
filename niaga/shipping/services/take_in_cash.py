from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.shipping.errors import NoCash
from niaga.shipping.models import CashTakenIn, DeliveryVisit
from niaga.stock.queries.deliveries import lock_delivery


@transaction.atomic
def take_in_cash(*, visit_id: UUID, by: Actor, at: datetime) -> UUID:
    """Record what a driver was paid at a door, when the money is handed in: it settles the customer's open invoices,
    and the rest is an advance. Returns the payment's id; taken in twice it is one payment.

    :raises NotFound: no such visit
    :raises Forbidden: the person may not record payments
    :raises NoCash: nothing was paid at this door
    :raises PeriodClosed: the books of today's month are closed
    """
    visit = DeliveryVisit.objects.filter(pk=visit_id).first()
    if visit is None:
        raise NotFound()
    delivery, _lines = lock_delivery(delivery_id=visit.delivery_id)
    access_of(by).require("payment", "record", delivery)
    if visit.cash is None:
        raise NoCash()
    taken = CashTakenIn.objects.filter(visit_id=visit.id).values_list("payment_id", flat=True).first()
    if taken is not None:
        return taken
    payment = record_payment(
        customer_id=delivery.customer_id, branch_id=delivery.branch_id, invoices=None,
        details=PaymentDetails(
            method="cash", currency=visit.currency, amount=visit.cash, reference=delivery.number,
        ),
        by=by, at=at,
    )  # fmt: skip
    batch = Batch()
    batch.insert(
        CashTakenIn,
        [{"company_id": visit.company_id, "visit_id": visit.id, "payment_id": payment.id, "at": at, "by": by.id}],
    )
    record(
        batch=batch, subject_kind="delivery", subject_id=delivery.id, verb="take_in", by=by.id, at=at,
        company_id=visit.company_id, note=payment.number,
    )  # fmt: skip
    batch.write()
    return payment.id
