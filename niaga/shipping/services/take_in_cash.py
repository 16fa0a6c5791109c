from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.shipping.errors import NoCash
from niaga.shipping.models import CashTakenIn, DeliveryVisit
from niaga.stock.queries.together import lock_together


@transaction.atomic
def take_in_cash(*, visit_id: UUID, by: Actor, at: datetime) -> UUID:
    """Record what a driver was paid at a door, when the money is handed in: it settles the customer's open invoices,
    and the rest is an advance. Of goods that travelled together it is all that was paid at once. Returns the
    payment's id; taken in twice it is one payment.

    :raises NotFound: no such visit
    :raises Forbidden: the person may not record payments
    :raises NoCash: nothing was paid at this door
    :raises PeriodClosed: the books of today's month are closed
    """
    visit = DeliveryVisit.objects.filter(pk=visit_id).first()
    if visit is None:
        raise NotFound()
    members = lock_together(delivery_ids=[visit.delivery_id])
    delivery = next(one for one in members if one.id == visit.delivery_id)
    access_of(by).require("payment", "record", delivery)
    told = visit.told_with or visit.id
    visits = list(DeliveryVisit.objects.filter(Q(pk=told) | Q(told_with=told), cash__isnull=False).order_by("pk"))
    if not visits:
        raise NoCash()
    ids = [one.id for one in visits]
    taken = CashTakenIn.objects.filter(visit_id__in=ids).values_list("payment_id", flat=True).first()
    if taken is not None:
        return taken
    amount = sum((one.cash for one in visits if one.cash), Decimal(0))
    payment = record_payment(
        customer_id=delivery.customer_id, branch_id=delivery.branch_id, invoices=None,
        details=PaymentDetails(method="cash", currency=visit.currency, amount=amount, reference=delivery.number),
        by=by, at=at,
    )  # fmt: skip
    batch = Batch()
    batch.insert(
        CashTakenIn,
        [
            {"company_id": one.company_id, "visit_id": one.id, "payment_id": payment.id, "at": at, "by": by.id}
            for one in visits
        ],
    )
    for one in visits:
        record(
            batch=batch, subject_kind="delivery", subject_id=one.delivery_id, verb="take_in", by=by.id, at=at,
            company_id=visit.company_id, note=payment.number,
        )  # fmt: skip
    batch.write()
    return payment.id
