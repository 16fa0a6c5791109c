"""A driver's day: whose stops are shown, what is to be collected, and what becomes of what the phone sends."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import SYSTEM
from niaga.parties.rules.terms import Part
from niaga.parties.services.save_payment_term import save_payment_term
from niaga.sales.models import SalesOrder
from niaga.sales.services.cancel_order_delivery import cancel_order_delivery
from niaga.sales.services.invoice_order import invoice_order
from niaga.shipping.models import DeliveryVisit, DoorReport, DoorReportEnd, VisitPosition
from niaga.shipping.queries.drivers_day import drivers_day
from niaga.shipping.services.change_shipping_settings import change_shipping_settings
from niaga.shipping.services.end_report import end_report
from niaga.shipping.tests.makers import make_driver, make_round
from niaga.shipping.tests.test_visits import photo, told, visit
from niaga.stock.models import Delivery, DeliveryRoute
from niaga.stock.queries.loading import load_of
from niaga.stock.services.name_driver import name_driver
from tests.makers import NOW, World, log_in, make_customer, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def send(client: Client, url: str, facts: dict[str, Any]) -> Any:
    return client.post(
        url, orjson.dumps(facts), content_type="application/json", headers={"Accept": "application/json"}
    )


def door(delivery_id: UUID, what: str = "visits") -> str:
    return f"/driving/stops/{delivery_id}/{what}"


def day_of(client: Client) -> list[dict[str, Any]]:
    stops: list[dict[str, Any]] = client.get("/driving/day").json()["stops"]
    return stops


def paid_at_once(world: World) -> UUID:
    term = save_payment_term(
        company_id=world.company.id, code="COD", name="Tunai", parts=[Part(Decimal(100))], by=SYSTEM, at=NOW
    )
    return UUID(str(term.pk))


def test_a_driver_sees_own_stops_in_their_order_and_no_price():
    world = make_world()
    driver, other = make_driver(world), make_driver(world, "Agus")
    mine, theirs = make_round(world, driver), make_round(world, other)

    page = log_in(driver).get("/driving")
    stops = day_of(log_in(driver))

    assert [one["id"] for one in stops] == [str(one) for one in mine]
    assert {one["state"] for one in stops} == {"todo"}
    assert [line["quantity"] for line in stops[0]["lines"]] == ["5"]
    assert not any(str(one) in page.content.decode() for one in theirs)
    for price in ("100.000", "500.000", "555.000"):
        assert price not in page.content.decode()


def test_a_driver_comes_to_no_other_page_of_deliveries_and_others_not_to_theirs():
    world = make_world()
    driver = make_driver(world)
    (delivery_id,) = make_round(world, driver, count=1)
    client = log_in(driver)

    pages = ("/deliveries", "/shipments", f"/deliveries/{delivery_id}")
    assert [client.get(one).status_code for one in pages] == [403, 403, 404]
    assert log_in(make_driver(world)).get("/driving").status_code == 200
    assert day_of(log_in(make_driver(world))) == []


def test_what_arrived_late_and_what_is_tried_again_stands_on_top(time_machine):
    world = make_world()
    driver = make_driver(world)
    late, again, missed = make_round(world, driver, count=3)
    visit(again, told(outcome="failed", reason="closed", received_by="", next_date="2026-11-24"))
    visit(missed, told(outcome="failed", reason="closed", received_by="", next_date="2026-11-27"))
    assert [one["state"] for one in day_of(log_in(driver))] == ["todo", "missed", "missed"]

    time_machine.move_to(NOW + timedelta(days=1))
    (new,) = make_round(world, driver, count=1, at=NOW + timedelta(days=1))

    stops = day_of(log_in(driver))
    assert [(one["id"], one["state"], bool(one["late"])) for one in stops] == [
        (str(late), "todo", True), (str(again), "again", False), (str(new), "todo", False),
    ]  # fmt: skip


def test_of_an_order_that_is_paid_at_once_its_worth_is_collected_and_of_an_invoice_what_is_due():
    world = make_world()
    driver = make_driver(world)
    term_id = paid_at_once(world)
    at_once = make_customer(world, payment_term_id=term_id)
    (cash,) = make_round(world, driver, count=1, quantity=2, customer=at_once)
    (later,) = make_round(world, driver, count=1, quantity=2)
    (billed,) = make_round(world, driver, count=1, quantity=3, customer=at_once)
    number = Delivery.objects.get(pk=billed).source_number
    order = SalesOrder.objects.get(number=number)
    issue_invoice(invoice_id=invoice_order(order_id=order.id, by=SYSTEM, at=NOW), by=SYSTEM, at=NOW)

    due = {one["id"]: one["collect"] and one["collect"]["amount"] for one in day_of(log_in(driver))}

    total = SalesOrder.objects.get(number=Delivery.objects.get(pk=cash).source_number).total
    assert due == {str(cash): f"{total.normalize():f}", str(later): None, str(billed): f"{order.total.normalize():f}"}


def test_a_phone_sends_a_visit_twice_and_it_counts_once_though_the_route_went_to_somebody_else_meanwhile():
    world = make_world()
    driver, other = make_driver(world), make_driver(world)
    (delivery_id,) = make_round(world, driver, count=1)
    client, facts = log_in(driver), told(photos=[photo()], signature=photo(), arrived_at=NOW.isoformat())

    first = send(client, door(delivery_id), facts)
    name_driver(route_id=DeliveryRoute.objects.get().id, driver_user_id=other.id, by=world.owner, at=NOW)
    again = send(client, door(delivery_id), facts)

    assert (first.status_code, again.status_code) == (200, 200)
    done = DeliveryVisit.objects.get()
    assert (done.by, done.arrived_at, len(done.photo_ids), done.signature_id is not None) == (driver.id, NOW, 1, True)
    assert Delivery.objects.get(pk=delivery_id).status == "delivered"


def test_who_lost_a_route_is_told_so_and_hands_the_visit_to_the_office_which_takes_it_with_its_proof():
    world = make_world()
    driver, other = make_driver(world), make_driver(world)
    (delivery_id,) = make_round(world, driver, count=1)
    name_driver(route_id=DeliveryRoute.objects.get().id, driver_user_id=other.id, by=world.owner, at=NOW)
    client, facts = log_in(driver), told(photos=[photo()], signature=photo())

    refused = send(client, door(delivery_id), facts)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_stop")
    assert not DeliveryVisit.objects.exists()

    report = {**facts, "refused_code": "not_your_stop", "refused_words": refused.json()["message"]}
    for _turn in range(2):
        assert send(client, door(delivery_id, "reports"), report).status_code == 200
    held = DoorReport.objects.get()
    assert (held.code, held.by, "photos" in held.told) == ("not_your_stop", driver.id, False)

    end_report(report_id=held.id, take=True, by=world.owner, at=NOW)
    done = DeliveryVisit.objects.get()
    assert (str(done.id), done.photo_ids, done.signature_id) == (facts["key"], held.photo_ids, held.signature_id)
    assert DoorReportEnd.objects.get().visit_id == done.id


def test_what_was_called_off_arrived_or_is_not_loaded_is_refused_each_with_its_own_words():
    world = make_world()
    driver = make_driver(world)
    waiting, off = make_round(world, driver, shipped=False)
    (arrived,) = make_round(world, driver, count=1)
    cancel_order_delivery(delivery_id=off, reason="Batal", by=SYSTEM, at=NOW)
    visit(arrived, told())
    client = log_in(driver)

    codes = [send(client, door(one), told()).json()["code"] for one in (waiting, off, arrived)]

    assert codes == ["not_loaded", "called_off", "arrived_already"]
    assert DeliveryVisit.objects.count() == 1


def test_a_position_is_kept_only_while_the_driver_says_yes():
    world = make_world()
    driver = make_driver(world)
    unasked, first, second = make_round(world, driver, count=3)
    client, place = log_in(driver), {"latitude": -7.25, "longitude": 112.75, "accuracy": 9}
    assert client.get("/driving/day").json()["asks"]["place"] is None

    send(client, door(unasked), told(position=place))
    send(client, "/driving/consent", {"is_given": True})
    send(client, door(first), told(position=place))
    send(client, "/driving/consent", {"is_given": False})
    send(client, door(second), told(position=place))

    assert client.get("/driving/day").json()["asks"]["place"] is False
    assert list(VisitPosition.objects.values_list("visit__delivery_id", flat=True)) == [first]
    assert DeliveryVisit.objects.count() == 3


def test_what_the_company_wants_to_see_of_a_door_is_asked_for():
    world = make_world()
    driver = make_driver(world)
    (delivery_id,) = make_round(world, driver, count=1)
    change_shipping_settings(
        company_id=world.company.id, tells_customer=True, position_days=90, asks_signature=True, asks_photo=True,
        by=SYSTEM, at=NOW,
    )  # fmt: skip
    client = log_in(driver)

    fields = [send(client, door(delivery_id), told(**facts)).json()["field"] for facts in ({}, {"signature": photo()})]

    assert fields == ["signature", "photos"]
    assert send(client, door(delivery_id), told(signature=photo(), photos=[photo()])).status_code == 200


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"key": 1}', b"\xff", b'{"outcome": "eaten"}'])
def test_what_is_no_visit_is_refused_and_nothing_is_written(body):
    world = make_world()
    driver = make_driver(world)
    (delivery_id,) = make_round(world, driver, count=1)

    answer = log_in(driver).post(
        door(delivery_id), body, content_type="application/json", headers={"Accept": "application/json"}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_visit")
    assert not DeliveryVisit.objects.exists()


def test_a_form_in_place_of_json_is_refused_at_each_door_of_the_phone():
    world = make_world()
    driver = make_driver(world)
    (delivery_id,) = make_round(world, driver, count=1)
    client = log_in(driver)

    for url in (door(delivery_id), door(delivery_id, "reports"), "/driving/consent"):
        assert client.post(url, {"key": "x"}, headers={"Accept": "application/json"}).status_code == 422


def test_a_visit_that_was_kept_for_days_is_judged_by_its_own_day():
    world = make_world()
    (delivery_id,) = make_round(world, make_driver(world), count=1)

    visit(
        delivery_id, told(outcome="failed", reason="closed", received_by="", next_date="2026-11-24"),
        NOW + timedelta(days=3),
    )  # fmt: skip

    assert str(DeliveryVisit.objects.get().next_date) == "2026-11-24"


def test_a_day_of_ten_stops_costs_as_many_statements_as_one_of_two():
    world = make_world()
    driver = make_driver(world)
    make_round(world, driver)
    with CaptureQueriesContext(connection) as few:
        drivers_day(by=driver, at=NOW)
    make_round(world, driver, count=8)

    with CaptureQueriesContext(connection) as many:
        assert len(drivers_day(by=driver, at=NOW).stops) == 10

    assert len(few) - 1 == len(many) == 6  # the first also reads the driver's rights


def test_the_plan_is_told_again_only_when_it_changed():
    world = make_world()
    driver = make_driver(world)
    (delivery_id,) = make_round(world, driver, count=1)
    client = log_in(driver)
    first = client.get("/driving/day")

    same = client.get("/driving/day", headers={"If-None-Match": first["ETag"]})
    visit(delivery_id, told())
    other = client.get("/driving/day", headers={"If-None-Match": first["ETag"]})

    assert (same.status_code, same.content, other.status_code) == (304, b"", 200)
    assert other.json()["stops"][0]["state"] == "done"


def test_signs_that_no_database_holds_are_left_out_of_what_a_phone_tells():
    world = make_world()
    driver = make_driver(world)
    first, second = make_round(world, driver)
    client = log_in(driver)

    visited = send(client, door(first), told(received_by="Pak\0 Joko", note="a\0b"))
    handed_in = send(client, door(second, "reports"), told() | {"refused_code": "a\0", "refused_words": "b\0c"})

    assert (visited.status_code, handed_in.status_code) == (200, 200)
    assert DeliveryVisit.objects.get().note == "ab"
    assert DoorReport.objects.get().words == "bc"


def test_the_load_list_and_the_phone_tell_the_same_to_collect():
    world = make_world()
    driver = make_driver(world)
    first, _second = make_round(world, driver, payment_term_id=paid_at_once(world))
    invoice_id = invoice_order(order_id=SalesOrder.objects.get(
        lines__deliveries__delivery_line__delivery_id=first).id, by=SYSTEM, at=NOW)  # fmt: skip
    issue_invoice(invoice_id=invoice_id, by=SYSTEM, at=NOW)
    route = DeliveryRoute.objects.get()

    phone = {one["id"]: Decimal(one["collect"]["amount"]) for one in day_of(log_in(driver))}
    paper = {str(key): stop.facts.cash["IDR"] for stop in load_of(route) for key in stop.deliveries}

    assert paper == phone
    assert len(phone) == 2
