"""What carriers are asked and told, outside any request."""

from uuid import UUID

from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.shipping.queries.shipments import due_asks, due_bookings, labels_to_fetch
from niaga.shipping.services.ask_carrier import ask_carrier
from niaga.shipping.services.ask_rates import ask_rates
from niaga.shipping.services.fetch_label import fetch_label
from niaga.shipping.services.forget_positions import forget_positions
from niaga.shipping.services.send_booking import send_booking
from niaga.shipping.services.settle_lost_bookings import settle_lost_bookings


@app.task(queue="gateways")
def send_shipment(shipment_id: str) -> None:
    """Ask for prices, or book; whichever it waits for."""
    if not ask_rates(shipment_id=UUID(shipment_id), clock=clock.now):
        send_booking(shipment_id=UUID(shipment_id), clock=clock.now)
        fetch_label(shipment_id=UUID(shipment_id), at=clock.now())


@app.task(queue="gateways")
def ask_shipment(shipment_id: str) -> None:
    ask_carrier(shipment_id=UUID(shipment_id), clock=clock.now)


@app.task(queue="gateways")
def fetch_shipment_label(shipment_id: str) -> None:
    fetch_label(shipment_id=UUID(shipment_id), at=clock.now())


@app.periodic(cron="* * * * *")
@app.task(queue="housekeeping", queueing_lock="ask_carriers")
def ask_carriers(timestamp: int) -> None:
    """Hand on what is due, settle what lost its worker, fetch labels, and ask carriers that do not call."""
    at = clock.now()
    settle_lost_bookings(at=at)
    for key in due_bookings(at=at):
        send_shipment.configure(lock=f"shipment:{key}").defer(shipment_id=str(key))
    for key in due_asks(at=at):
        ask_shipment.configure(lock=f"shipment:{key}").defer(shipment_id=str(key))
    for key in labels_to_fetch(at=at):
        fetch_shipment_label.configure(lock=f"shipment:{key}").defer(shipment_id=str(key))


@app.periodic(cron="17 3 * * *")
@app.task(queue="housekeeping", queueing_lock="forget_positions")
def forget_old_positions(timestamp: int) -> None:
    """Where drivers stood is deleted when its time is over."""
    forget_positions(at=clock.now())
