from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.approvals.services.drop_waiting import drop_waiting
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound
from niaga.core.flow import check_move, move
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.selling_facts import customer_facts
from niaga.parties.services.write_timeline import write_timeline
from niaga.sales.errors import QuotationExpired
from niaga.sales.events import QuotationAccepted
from niaga.sales.models import Quotation, QuotationAnswer, SalesOrder
from niaga.sales.rules.flows import quotation_flow
from niaga.sales.services.choose_options import choose_options
from niaga.sales.services.copy_to_order import copy_to_order


@transaction.atomic
def accept_quotation(
    *,
    quotation_id: UUID,
    by: Actor,
    at: datetime,
    name: str = "",
    chosen: Collection[UUID] | None = None,
    signature_id: UUID | None = None,
    through_link: bool = False,
    address: str | None = None,
    requested_date: date | None = None,
) -> SalesOrder:
    """Take the customer's yes and write the order: a draft with the prices that were offered.

    `chosen` are the optional lines the customer wants; None leaves them as they are. `requested_date` is the day the
    customer asks for as they accept, in place of the one the quotation has. Of two that accept at once, one
    is refused.

    :raises NotFound: no such quotation
    :raises Forbidden: the person may not accept
    :raises WrongState: it was accepted, declined or cancelled
    :raises QuotationExpired: its last day is over
    :raises Invalid: the day that is asked for is over
    """
    quotation = (
        Quotation.objects.select_for_update(of=("self",)).select_related("branch").filter(pk=quotation_id).first()
    )
    if quotation is None:
        raise NotFound()
    access_of(by).require("quotation", "accept", quotation)
    if quotation.status == "expired":
        raise QuotationExpired()
    check_move(quotation_flow, "accept", quotation.status)
    today = day_at(at=at, zone=quotation.branch.zone)
    if quotation.valid_until < today:
        raise QuotationExpired()
    if requested_date is not None and requested_date < today:
        raise Invalid(_("That day is over. Choose today or a later one."), field="requested_date")
    if chosen is not None:
        choose_options(quotation=quotation, chosen=chosen)

    customer = customer_facts(customer_id=quotation.customer_id)
    assert customer is not None
    batch = Batch()
    drop_waiting(batch=batch, subject_kind="quotation", subject_ids=[quotation.id], at=at)
    order_id = new_id()
    move(
        batch=batch, flow=quotation_flow, document=quotation, move="accept", by=by.id, at=at,
        data={"name": name, "through_link": through_link}
        | ({"requested_date": str(requested_date)} if requested_date else {}),
    )  # fmt: skip
    batch.insert(
        QuotationAnswer,
        [
            {
                "quotation_id": quotation.id, "accepted": True, "name": name, "signature_id": signature_id,
                "through_link": through_link, "address": address, "by": by.id, "at": at,
            }
        ],
    )  # fmt: skip
    number = copy_to_order(
        batch=batch, quotation=quotation, order_id=order_id, today=today, by=by.id, at=at,
        requested_date=requested_date or quotation.requested_date,
        address=quotation.delivery_address or customer.frozen_delivery_address(),
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=quotation.customer_id, company_id=quotation.company_id, kind="quotation.accepted",
        subject_kind="quotation", subject_id=quotation.id, number=quotation.number, amount=quotation.total,
        currency=quotation.currency, text=name, actor_id=by.id, at=at,
    )  # fmt: skip
    announce(
        batch=batch,
        event=QuotationAccepted(quotation.id, quotation.number, quotation.customer_id, order_id),
        company_id=quotation.company_id, by=by.id, at=at,
    )  # fmt: skip
    order_number = batch.write()[number]
    order = SalesOrder.objects.get(pk=order_id)
    assert order.number == order_number
    return order
