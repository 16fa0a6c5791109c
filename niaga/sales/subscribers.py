"""What sales does when something happened."""

from datetime import datetime
from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.core.errors import WrongState
from niaga.organization.access import SYSTEM
from niaga.sales.queries.orders_of import order_of_delivery_id, orders_of_invoice
from niaga.sales.services.apply_change import apply_when_approved
from niaga.sales.services.bill_cause import bill_cause
from niaga.sales.services.close_order import close_order
from niaga.sales.services.free_held import free_held
from niaga.sales.services.mail_quotation import mail_quotation
from niaga.sales.services.note_choice import note_choice
from niaga.sales.services.note_confirmed import note_confirmed, note_services_left
from niaga.sales.services.note_shipped import note_shipped
from niaga.sales.services.promise_again import promise_again
from niaga.sales.services.reserve_waiting import reserve_waiting
from niaga.sales.services.send_drop_ship import send_at_once
from niaga.sales.services.settle_points import settle_points
from niaga.sales.services.show_approval import show_approval
from niaga.sales.services.tell_seller import tell_seller
from niaga.stock.queries.receipts import receipt_lines


def _actor(event: dict[str, Any]) -> UUID | None:
    return UUID(event["actor_id"]) if event["actor_id"] else None


@app.task(queue="mail")
def quotation_sent(event: dict[str, Any]) -> None:
    """Mail it, with its PDF and its link."""
    mail_quotation(
        quotation_id=UUID(event["subject_id"]), to=event["payload"].get("to") or (),
        message=event["payload"].get("message", ""), sent_by=_actor(event),
        sent_at=datetime.fromisoformat(event["at"]), at=clock.now(),
    )  # fmt: skip


@app.task(queue="events")
def quotation_accepted(event: dict[str, Any]) -> None:
    tell_seller(quotation_id=UUID(event["subject_id"]), what="accepted", but=_actor(event), at=clock.now())


@app.task(queue="events")
def quotation_declined(event: dict[str, Any]) -> None:
    tell_seller(quotation_id=UUID(event["subject_id"]), what="declined", but=_actor(event), at=clock.now())


@app.task(queue="events")
def quotation_changed(event: dict[str, Any]) -> None:
    tell_seller(
        quotation_id=UUID(event["subject_id"]), what=event["payload"]["what"], but=_actor(event), at=clock.now()
    )


@app.task(queue="events")
def approval_moved(event: dict[str, Any]) -> None:
    """Who looks at the document sees it, and a change of an order that was approved is made."""
    if event["payload"]["status"] == "approved" and event["payload"]["about_kind"] == "order":
        apply_when_approved(request_id=UUID(event["subject_id"]), at=clock.now())
    show_approval(
        kind=event["payload"]["about_kind"], document_id=UUID(event["payload"]["about_id"]), by=_actor(event),
        at=clock.now(),
    )  # fmt: skip


@app.task(queue="events")
def stock_received(event: dict[str, Any]) -> None:
    """Hold what came in for the orders that wait for it."""
    lines = receipt_lines(receipt_id=UUID(event["subject_id"]))
    reserve_waiting(
        warehouse_id=UUID(event["payload"]["warehouse_id"]), product_ids={line.product_id for line in lines},
        at=clock.now(),
    )  # fmt: skip
    promise_again(warehouse_id=UUID(event["payload"]["warehouse_id"]), at=clock.now())


@app.task(queue="events")
def incoming_changed(event: dict[str, Any]) -> None:
    """Promise anew what waits for goods that are expected otherwise now."""
    promise_again(warehouse_id=UUID(event["payload"]["warehouse_id"]), at=clock.now())


@app.task(queue="events")
def invoice_issued(event: dict[str, Any]) -> None:
    """Close the orders that are done with it."""
    for order_id in orders_of_invoice(invoice_id=UUID(event["subject_id"])):
        _close(order_id)


@app.task(queue="events")
def credit_freed(event: dict[str, Any]) -> None:
    """Orders that wait for the customer's credit go on, as far as there is room now."""
    free_held(customer_id=UUID(event["payload"]["customer_id"]), at=clock.now())


@app.task(queue="events")
def points_due(event: dict[str, Any]) -> None:
    """Earn the points of an invoice, or undo those of what a credit note takes back."""
    settle_points(invoice_id=UUID(event["subject_id"]), at=clock.now())


@app.task(queue="events")
def delivery_shipped(event: dict[str, Any]) -> None:
    """Close the order when it was invoiced before and this was its last delivery."""
    if order_id := order_of_delivery_id(delivery_id=UUID(event["subject_id"])):
        _close(order_id)


@app.task(queue="events")
def order_confirmed(event: dict[str, Any]) -> None:
    """Bill it, where the customer is billed at confirmation."""
    if cause_id := note_confirmed(order_id=UUID(event["subject_id"]), at=clock.now()):
        bill_cause(cause_id=cause_id, by=SYSTEM, at=clock.now())


@app.task(queue="mail")
def drop_ship_asked(event: dict[str, Any]) -> None:
    """Mail the request, where its supplier is mailed at once."""
    try:
        send_at_once(drop_ship_id=UUID(event["subject_id"]), at=clock.now())
    except WrongState:  # somebody sent it, or called it off, at this moment
        return


@app.task(queue="events")
def order_changed(event: dict[str, Any]) -> None:
    """Bill the services of an order whose goods were all taken back, where it is billed at delivery."""
    if event["payload"]["what"] not in ("rest_cancelled", "amended"):
        return
    if cause_id := note_services_left(order_id=UUID(event["subject_id"]), at=clock.now()):
        bill_cause(cause_id=cause_id, by=SYSTEM, at=clock.now())


@app.task(queue="events")
def billing_changed(event: dict[str, Any]) -> None:
    """Bill what is to be billed by what was chosen, and let go of what is not."""
    for cause_id in note_choice(order_id=UUID(event["subject_id"]), at=clock.now()):
        bill_cause(cause_id=cause_id, by=SYSTEM, at=clock.now())


@app.task(queue="events")
def delivery_to_bill(event: dict[str, Any]) -> None:
    """Bill it, where the customer is billed for each delivery."""
    cause_id = note_shipped(
        delivery_id=UUID(event["subject_id"]), number=event["payload"]["number"], at=clock.now()
    )  # fmt: skip
    if cause_id:
        bill_cause(cause_id=cause_id, by=SYSTEM, at=clock.now())


def _close(order_id: UUID) -> None:
    try:
        close_order(order_id=order_id, by=SYSTEM, at=clock.now())
    except WrongState:  # not done yet, or closed already
        return
