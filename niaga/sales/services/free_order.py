from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Refusal
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.messaging.services.add_notice import add_notice
from niaga.organization.access import SYSTEM
from niaga.parties.queries.credit import lock_credit_account
from niaga.parties.queries.credit_policy import confirms_when_free
from niaga.parties.services.write_timeline import write_timeline
from niaga.sales.events import OrderChanged
from niaga.sales.models import CreditFreed, CreditRequest, SalesOrder
from niaga.sales.queries.credit import open_requests, standing_of, with_standing
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.document_money import in_base

CONFIRMED = gettext_noop("%(customer)s paid: %(number)s is confirmed")
TOLD = gettext_noop("%(customer)s paid: %(number)s is free again")


@transaction.atomic
def free_order(*, request_id: UUID, at: datetime) -> UUID | None:
    """Let one waiting order go on, once: by the company's policy it is confirmed, else (or where something else stands
    against it: stock, prices, an approval) who asked and who sells it are told. None: it still waits, or was freed.

    The order's lock comes first, then the account's, as when it is confirmed by hand: of two that pay at once, or of a
    person who confirms meanwhile, one is first and the other finds it done.
    """
    request = CreditRequest.objects.select_related("customer").get(pk=request_id)
    rows = with_standing(SalesOrder.objects.select_for_update(of=("self",)).select_related("branch"), facts=False)
    order: SalesOrder = rows.get(pk=request.order_id)
    figures = lock_credit_account(request.customer_id, on=day_at(at=at, zone=order.branch.zone))
    if not open_requests().filter(pk=request_id, freed=None).exists():
        return None
    standing = standing_of(order, today=figures.on, figures=figures)
    more = {"confirm": request.amount, "amend": request.amount - order.total}.get(request.stage, Decimal(0))
    if standing.holds(in_base(order, more) if more else more):
        return None
    confirmed = request.stage == "confirm" and confirms_when_free(order.company_id) and _confirms(order.pk, at)
    batch = Batch()
    batch.insert(
        CreditFreed,
        [{"id": new_id(), "company_id": order.company_id, "request_id": request_id, "order_id": order.pk,
          "confirmed": confirmed, "at": at}],
    )  # fmt: skip
    record(
        batch=batch, subject_kind="order", subject_id=order.pk, verb="free_again", by=None, at=at,
        company_id=order.company_id, from_status="draft" if confirmed else order.status,
        to_status="confirmed" if confirmed else order.status,
        data={"limit": figures.limit, "exposure": figures.exposure, "stage": request.stage, "confirmed": confirmed},
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=request.customer_id, company_id=order.company_id, kind="credit.free_again",
        subject_kind="order", subject_id=order.pk, number=order.number, amount=order.total, currency=order.currency,
        actor_id=None, at=at,
    )  # fmt: skip
    add_notice(
        batch=batch, to={one for one in (request.asked_by_id, order.salesperson_id) if one is not None},
        text=CONFIRMED if confirmed else TOLD, facts={"number": order.number, "customer": request.customer.name},
        url=f"/deliveries/{request.delivery_id}" if request.delivery_id else f"/orders/{order.pk}",
        subject_kind="order", subject_id=order.pk, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=OrderChanged(order.pk, order.number, order.customer_id, "free_again"),
        company_id=order.company_id, by=None, at=at,
    )  # fmt: skip
    batch.write()
    return order.pk


def _confirms(order_id: UUID, at: datetime) -> bool:
    """What else stands against it is a person's to see to."""
    try:
        with transaction.atomic():
            confirm_order(order_id=order_id, by=SYSTEM, at=at)
    except Refusal:
        return False
    return True
