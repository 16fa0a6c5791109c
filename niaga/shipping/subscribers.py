"""What shipping does when something happened."""

from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.shipping.services.ask_rates import ask_rates
from niaga.shipping.services.fetch_label import fetch_label
from niaga.shipping.services.mail_tracking import mail_tracking
from niaga.shipping.services.send_booking import send_booking


@app.task(queue="gateways")
def shipment_asked(event: dict[str, Any]) -> None:
    """Ask the carrier what it costs, or book; whichever it waits for."""
    key = UUID(event["subject_id"])
    if not ask_rates(shipment_id=key, clock=clock.now):
        send_booking(shipment_id=key, clock=clock.now)
        fetch_label(shipment_id=key, at=clock.now())


@app.task(queue="events")
def delivery_shipped(event: dict[str, Any]) -> None:
    """Tell the customer where to look."""
    mail_tracking(delivery_id=UUID(event["subject_id"]), at=clock.now())
