"""Workers killed at any step of a booking: the carrier counts never two, and each missing one is visibly uncertain.

`make test` kills a few; `make soak` sets `NIAGA_KILLS`.
"""

import os
import random
import signal
import time
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections

from niaga.core.clock import now
from niaga.core.ids import new_id
from niaga.organization.access import SYSTEM
from niaga.shipping.models import DeliveryVisit, Shipment
from niaga.shipping.queries.shipments import due_asks, due_bookings
from niaga.shipping.rules.visit import Visit
from niaga.shipping.services.ask_carrier import ask_carrier
from niaga.shipping.services.book_shipments import ShipmentDetails, book_shipments
from niaga.shipping.services.record_visit import record_visit
from niaga.shipping.services.send_booking import send_booking
from niaga.shipping.services.settle_lost_bookings import settle_lost_bookings
from niaga.shipping.tests.makers import make_carrier, make_delivery
from niaga.stock.models import ProofOfDelivery
from tests.makers import World, make_world
from tests.servers.carrier import FakeCarrier, carrier_server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]

KILLS = min(int(os.environ.get("NIAGA_KILLS", "12")), 300)
SEED = int(os.environ.get("NIAGA_SEED", "20261123"))


def booked(world: World, fake: FakeCarrier, count: int) -> list[UUID]:
    """Shipments that wait to be booked at a carrier over the internet."""
    carrier = make_carrier(world, "rest", base_url=fake.url)
    deliveries = [make_delivery(world, shipped=False) for _turn in range(count)]
    details = ShipmentDetails(service="REG")
    return book_shipments(delivery_ids=deliveries, carrier_id=carrier.id, details=details, by=SYSTEM, at=now())


def worker(key: UUID) -> int:
    """A process of its own that books one shipment; its id."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        send_booking(shipment_id=key, clock=now)
    finally:
        os._exit(0)


def teller(delivery_id: UUID, visit: Visit) -> int:
    """A process of its own that tells of a door; its id."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        record_visit(delivery_id=delivery_id, visit=visit, by=SYSTEM, at=now())
    finally:
        os._exit(0)


def test_whenever_a_worker_is_killed_nothing_is_booked_twice_and_each_missing_one_is_uncertain_until_it_is_asked() -> (
    None
):
    dice = random.Random(SEED)
    world = make_world()
    with carrier_server() as fake:
        keys = booked(world, fake, KILLS)

        for key in keys:
            pid = worker(key)
            time.sleep(dice.uniform(0, 0.06))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        later = now() + timedelta(hours=1)
        settle_lost_bookings(at=later)
        states = dict(Shipment.objects.filter(pk__in=keys).values_list("id", "status"))
        lost = [key for key in keys if states[key] == "uncertain"]
        for key in keys:  # whatever is told twice is not: only what no worker had begun is booked now
            send_booking(shipment_id=key, clock=now)

        assert set(states.values()) <= {"queued", "booked", "uncertain"}, f"seed {SEED}"
        assert max(fake.booked.values(), default=0) == 1, f"seed {SEED}"
        missing = [key for key in keys if not fake.booked[key.hex]]
        assert [key for key in missing if states[key] != "uncertain"] == []
        assert due_bookings(at=later) == []

        asked = set(due_asks(at=later)) & set(lost)
        for key in lost:
            ask_carrier(shipment_id=key, clock=lambda: later)
        assert asked == set(lost)

    ended = dict(Shipment.objects.filter(pk__in=keys).values_list("id", "status"))
    assert {key for key in keys if ended[key] == "booked"} == {key for key in keys if fake.booked[key.hex]}
    assert {ended[key] for key in missing} <= {"failed"}


def test_four_workers_with_one_booking_hand_it_over_once() -> None:
    world = make_world()
    with carrier_server() as fake:
        (key,) = booked(world, fake, 1)

        for pid in [worker(key) for _turn in range(4)]:
            os.waitpid(pid, 0)

    assert fake.booked == {key.hex: 1}
    assert Shipment.objects.get(pk=key).status == "booked"


def test_what_a_phone_sends_from_four_pages_at_once_is_one_visit() -> None:
    world = make_world()
    delivery_id = make_delivery(world)
    visit = Visit(key=new_id(), outcome="delivered", at=now(), received_by="Bu Sari")

    for pid in [teller(delivery_id, visit) for _turn in range(4)]:
        os.waitpid(pid, 0)

    assert list(DeliveryVisit.objects.values_list("id", flat=True)) == [visit.key]
    assert ProofOfDelivery.objects.filter(delivery_id=delivery_id).count() == 1
