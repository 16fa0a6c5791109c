"""Giving deliveries to carriers, and what a carrier over HTTP can do to us."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from niaga.core.models import IncomingCall, OutboxEvent
from niaga.core.services.handle_call import handle_call
from niaga.organization.access import SYSTEM
from niaga.shipping.errors import BadCarrier, BookedAtCarrier, ShipmentOpen
from niaga.shipping.models import Carrier, Shipment, ShipmentEvent, ShipmentLabel
from niaga.shipping.rules.carriers.rest.hooks import signature
from niaga.shipping.services.ask_carrier import ask_carrier
from niaga.shipping.services.ask_rates import ask_rates
from niaga.shipping.services.book_shipments import ShipmentDetails, book_shipments
from niaga.shipping.services.cancel_shipment import cancel_shipment
from niaga.shipping.services.choose_service import choose_service
from niaga.shipping.services.fetch_label import fetch_label
from niaga.shipping.services.note_happened import note_happened
from niaga.shipping.services.retry_shipment import retry_shipment
from niaga.shipping.services.send_booking import send_booking
from niaga.shipping.services.settle_lost_bookings import settle_lost_bookings
from niaga.shipping.tests.makers import SECRET, make_carrier, make_delivery, make_shipment
from niaga.stock.models import Delivery
from tests.makers import NOW, make_world
from tests.servers.carrier import carrier_server

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


def clock():
    return NOW


def test_a_courier_entered_by_hand_has_the_delivery_at_once_with_its_number_and_cost():
    world = make_world()
    delivery_id = make_delivery(world)

    found = make_shipment(
        world, make_carrier(world, name="JNE", services=["REG"]), delivery_id=delivery_id, service="REG",
        tracking="JP123", cost=Decimal(18_000),
    )  # fmt: skip

    assert (found.status, found.tracking, found.cost) == ("booked", "JP123", Decimal(18_000))
    delivery = Delivery.objects.get(pk=delivery_id)
    assert (delivery.carrier, delivery.tracking) == ("JNE", "JP123")


def test_a_delivery_has_one_open_shipment_and_another_after_the_first_was_called_off():
    world = make_world()
    carrier = make_carrier(world)
    first = make_shipment(world, carrier)

    with pytest.raises(ShipmentOpen):
        make_shipment(world, carrier, delivery_id=first.delivery_id)
    assert Shipment.objects.count() == 1

    cancel_shipment(shipment_id=first.id, reason="mobil mogok", by=SYSTEM, at=NOW)
    assert make_shipment(world, carrier, delivery_id=first.delivery_id).status == "booked"


def test_many_deliveries_cost_as_many_statements_as_one(django_assert_num_queries):
    world = make_world()
    carrier = make_carrier(world)
    one, *many = [make_delivery(world, quantity=1) for _ in range(5)]

    for ids in ([one], many):
        with django_assert_num_queries(11):
            book_shipments(delivery_ids=ids, carrier_id=carrier.id, details=ShipmentDetails(), by=SYSTEM, at=NOW)
    assert Shipment.objects.count() == 5


def test_prices_are_asked_the_cheapest_is_first_and_the_chosen_one_is_booked_with_a_clean_label():
    world = make_world()
    with carrier_server() as fake:
        found = make_shipment(world, make_carrier(world, "rest", base_url=fake.url))
        assert found.status == "quoting"
        assert ask_rates(shipment_id=found.id, clock=clock) == "quoted"
        found.refresh_from_db()
        assert [(one["service"], one["cost"]) for one in found.rates] == [("REG", "18000"), ("YES", "32000")]

        choose_service(shipment_id=found.id, service="YES", by=SYSTEM, at=NOW)
        assert send_booking(shipment_id=found.id, clock=clock) == "booked"
        assert fetch_label(shipment_id=found.id, at=NOW)

        assert dict(fake.booked) == {found.id.hex: 1}
        assert fake.keys[-1] == f"Bearer {SECRET}"
        assert fake.bodies[-1]["to"]["city"] is not None
    found.refresh_from_db()
    assert (found.provider_id, found.cost, str(found.expected_date)) == (
        f"bk-{found.id.hex}", Decimal(18_000), "2026-12-01"
    )  # fmt: skip
    assert bytes(ShipmentLabel.objects.get().content).startswith(b"%PDF")
    assert Delivery.objects.get(pk=found.delivery_id).tracking == found.tracking


@pytest.mark.parametrize("answer", ["never", "error", "garbage"])
def test_a_booking_without_a_clear_answer_is_uncertain_never_sent_again_and_settled_by_asking(answer):
    world = make_world()
    with carrier_server(answer) as fake:
        found = make_shipment(world, make_carrier(world, "rest", base_url=fake.url), service="REG")

        assert send_booking(shipment_id=found.id, clock=clock) == "uncertain"
        assert send_booking(shipment_id=found.id, clock=lambda: LATER) == ""
        assert fake.booked[found.id.hex] == 1

        assert ask_carrier(shipment_id=found.id, clock=lambda: LATER) == "booked"
        assert fake.booked[found.id.hex] == 1
    found.refresh_from_db()
    assert found.tracking == f"TRK{found.id.hex[-8:].upper()}"


def test_a_booking_that_never_got_there_fails_and_is_sent_again_only_by_a_person_under_the_same_key():
    world = make_world()
    with carrier_server("lost") as fake:
        found = make_shipment(world, make_carrier(world, "rest", base_url=fake.url), service="REG")
        assert send_booking(shipment_id=found.id, clock=clock) == "uncertain"
        assert ask_carrier(shipment_id=found.id, clock=lambda: LATER) == "failed"
        found.refresh_from_db()
        assert found.reason == "not_there"

        fake.answer = "ok"
        assert send_booking(shipment_id=found.id, clock=lambda: LATER) == ""
        retry_shipment(shipment_id=found.id, by=SYSTEM, at=LATER)
        assert send_booking(shipment_id=found.id, clock=lambda: LATER) == "booked"
        assert dict(fake.booked) == {found.id.hex: 1}


def test_a_carrier_that_is_down_is_tried_again_by_itself_and_then_waits_for_a_person():
    world = make_world()
    found = make_shipment(world, make_carrier(world, "rest", base_url="http://127.0.0.1:9/v1"), service="REG")
    at, seen = NOW, []

    for _ in range(6):
        seen.append(send_booking(shipment_id=found.id, clock=lambda now=at: now))
        found.refresh_from_db()
        at = found.next_attempt_at or at

    assert seen == ["queued"] * 5 + ["failed"]
    assert (found.reason, found.next_attempt_at) == ("later", None)


def test_a_booking_whose_worker_died_becomes_uncertain():
    world = make_world()
    found = make_shipment(world, make_carrier(world, "rest"), service="REG")
    Shipment.objects.filter(pk=found.id).update(status="booking", started_at=NOW)

    assert settle_lost_bookings(at=NOW + timedelta(minutes=2)) == 0
    assert settle_lost_bookings(at=NOW + timedelta(minutes=4)) == 1

    found.refresh_from_db()
    assert (found.status, found.reason) == ("uncertain", "stopped")
    with pytest.raises(BookedAtCarrier):
        cancel_shipment(shipment_id=found.id, reason="", by=SYSTEM, at=NOW)


def knock(carrier: Carrier, told: dict, *, secret: str = SECRET) -> int:
    body = json.dumps(told).encode()
    headers = {"X-Carrier-Signature": signature(body, secret)}
    answer = Client().post(
        f"/hooks/carriers/{carrier.hook_path}", body, content_type="application/json", headers=headers
    )
    for key in IncomingCall.objects.filter(handled_at=None).values_list("pk", flat=True):
        handle_call(call_id=key, at=LATER)
    return answer.status_code


def event(key: str, state: str, hour: int) -> dict:
    return {"id": key, "state": state, "at": f"2026-11-23T{hour:02}:00:00+07:00", "place": "Surabaya"}


def test_what_a_carrier_tells_twice_and_out_of_order_leads_to_the_same_end_and_delivers_the_delivery():
    world = make_world()
    with carrier_server() as fake:
        carrier = make_carrier(world, "rest", base_url=fake.url)
        found = make_shipment(world, carrier, service="REG")
        send_booking(shipment_id=found.id, clock=clock)
    key = found.id.hex

    assert knock(carrier, {"key": key, "events": [event("3", "out_for_delivery", 14)]}) == 200
    assert knock(carrier, {"key": key, "events": [event("2", "in_transit", 12), event("9", "weird", 13)]}) == 200
    found.refresh_from_db()
    assert found.status == "out"

    assert (
        knock(carrier, {"key": key, "events": [event("4", "delivered", 15), event("3", "out_for_delivery", 14)]}) == 200
    )
    assert knock(carrier, {"key": key, "events": [event("5", "problem", 16)]}) == 200

    found.refresh_from_db()
    assert (found.status, found.next_ask_at) == ("delivered", None)
    assert list(ShipmentEvent.objects.order_by("at").values_list("key", flat=True)) == ["2", "3", "4", "5"]
    assert Delivery.objects.get(pk=found.delivery_id).status == "delivered"


def test_a_call_that_is_wrongly_signed_does_nothing_and_is_counted():
    world = make_world()
    carrier = make_carrier(world, "rest")
    found = make_shipment(world, carrier, service="REG")

    assert knock(carrier, {"key": found.id.hex, "events": [event("1", "delivered", 9)]}, secret="salah") == 403

    found.refresh_from_db()
    carrier.refresh_from_db()
    assert (found.status, carrier.refused_calls, IncomingCall.objects.count()) == ("queued", 1, 0)


def test_what_a_courier_says_by_word_of_mouth_moves_the_shipment():
    world = make_world()
    found = make_shipment(world, make_carrier(world))

    note_happened(shipment_id=found.id, state="in_transit", by=SYSTEM, at=NOW)
    note_happened(shipment_id=found.id, state="delivered", words="diterima Pak Budi", by=SYSTEM, at=LATER)

    found.refresh_from_db()
    assert found.status == "delivered"
    assert Delivery.objects.get(pk=found.delivery_id).proof.note == "diterima Pak Budi"


@pytest.mark.parametrize(
    "address", ["javascript:alert({number})", "http://x/{number}", "https://{number}/", "https://x"]
)
def test_a_tracking_page_is_an_https_address_with_the_numbers_place(address):
    world = make_world()

    with pytest.raises(BadCarrier):
        make_carrier(world, tracking_url=address)
    assert not Carrier.objects.exists()


def test_booking_announces_what_a_job_carries_out():
    world = make_world()
    found = make_shipment(world, make_carrier(world, "rest"))

    assert OutboxEvent.objects.filter(kind="ShipmentAsked", subject_id=found.id).count() == 1
