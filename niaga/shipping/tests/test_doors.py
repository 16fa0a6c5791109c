"""What the office sees of doors: proof, what needs a next step, what drivers handed in; and programs by the API."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from niaga.core.errors import Forbidden, Invalid
from niaga.organization.access import SYSTEM
from niaga.shipping.errors import ArrivedAlready, BadVisit, CalledOff, NotLoaded, ReportEnded
from niaga.shipping.models import DeliveryVisit, DoorReport, DoorReportEnd
from niaga.shipping.queries.doors import doors_in_need, doors_to_settle, open_reports, visible_visits
from niaga.shipping.queries.tracking import tracking_of
from niaga.shipping.rules.visit import read_visit
from niaga.shipping.services.change_shipping_settings import change_shipping_settings
from niaga.shipping.services.end_report import end_report
from niaga.shipping.services.hand_in_report import hand_in_report
from niaga.shipping.services.plan_next_try import plan_next_try
from niaga.shipping.tests.makers import make_delivery, make_driver, make_round
from niaga.shipping.tests.test_visits import photo, told, visit
from niaga.stock.errors import NotADriver
from niaga.stock.models import Delivery, DeliveryRoute, Vehicle, Warehouse
from niaga.stock.queries.paper import delivery_paper
from niaga.stock.services.name_driver import name_driver
from tests.api import Api
from tests.makers import NOW, World, log_in, make_user, make_world

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def handed_in(world: World, delivery_id: UUID, **facts: Any) -> DoorReport:
    given = told(**facts)
    key = hand_in_report(
        delivery_id=delivery_id, visit=read_visit(given), code="called_off", words="Dibatalkan.",
        by=make_driver(world), at=NOW,
    )  # fmt: skip
    return DoorReport.objects.get(pk=key)


def test_a_door_where_the_driver_came_in_vain_waits_until_a_day_is_planned_and_again_when_that_is_over():
    world = make_world()
    undecided, planned = make_delivery(world), make_delivery(world)
    visit(undecided, told(outcome="failed", reason="closed", received_by=""))
    visit(planned, told(outcome="failed", reason="closed", received_by="", next_date="2026-11-24"))
    assert list(doors_to_settle(by=world.owner, today=TODAY).values_list("pk", flat=True)) == [undecided]

    plan_next_try(delivery_id=undecided, next_date=date(2026, 11, 25), by=world.owner, at=NOW)

    assert not doors_to_settle(by=world.owner, today=TODAY).exists()
    late = doors_to_settle(by=world.owner, today=TODAY + timedelta(days=3))
    assert set(late.values_list("pk", flat=True)) == {undecided, planned}


def test_a_next_try_in_the_past_is_refused_and_nothing_changed():
    world = make_world()
    delivery_id = make_delivery(world)
    before = Delivery.objects.get(pk=delivery_id).version

    with pytest.raises(BadVisit):
        plan_next_try(delivery_id=delivery_id, next_date=TODAY - timedelta(days=1), by=world.owner, at=NOW)

    assert Delivery.objects.get(pk=delivery_id).version == before


def test_the_page_of_doors_shows_what_needs_a_step_first_and_its_badge_counts_it():
    world = make_world()
    failed, done, told_late = make_delivery(world), make_delivery(world), make_delivery(world)
    visit(failed, told(outcome="failed", reason="closed", received_by=""))
    visit(done, told(photos=[photo()], signature=photo()))
    report = handed_in(world, told_late, received_by="Bu Tini")
    client = log_in(world.owner)

    page = client.get("/doors").content.decode()
    assert page.index("Bu Tini") < page.index("Pak Joko")
    assert doors_in_need(by=world.owner, today=TODAY).count() == 2
    answer = client.post(f"/doors/deliveries/{failed}/next-try", {"next_date": "2026-11-24"})
    closed = client.post(f"/doors/reports/{report.id}/end", {"note": "Sudah dikirim ulang"})

    assert (answer.status_code, closed.status_code) == (303, 303)
    assert not doors_in_need(by=world.owner, today=TODAY).exists()
    assert DoorReportEnd.objects.get().note == "Sudah dikirim ulang"


def test_a_report_is_ended_once_with_a_word_and_only_by_who_may_record_deliveries():
    world = make_world()
    report = handed_in(world, make_delivery(world))

    with pytest.raises(Invalid):
        end_report(report_id=report.id, take=False, note=" ", by=world.owner, at=NOW)
    with pytest.raises(Forbidden):
        end_report(report_id=report.id, take=True, by=make_user(world.company, "sales_admin"), at=NOW)
    assert (DoorReportEnd.objects.count(), DeliveryVisit.objects.count()) == (0, 0)
    end_report(report_id=report.id, take=True, by=world.owner, at=NOW)

    with pytest.raises(ReportEnded):
        end_report(report_id=report.id, take=False, note="Ganda", by=world.owner, at=NOW)
    assert not open_reports(by=world.owner).exists()


def test_a_report_taken_as_a_visit_is_the_drivers_who_holds_the_money():
    world = make_world()
    delivery_id = make_delivery(world)
    driver = make_driver(world)
    key = hand_in_report(
        delivery_id=delivery_id, visit=read_visit(told(cash="150000")), code="called_off", words="", by=driver, at=NOW
    )

    end_report(report_id=key, take=True, by=world.owner, at=NOW)

    seen = visible_visits(by=world.owner).get()
    assert (seen.by, seen.who, seen.has_cash) == (driver.id, driver.name, True)


def test_a_next_try_is_planned_only_of_what_is_still_on_its_way():
    world = make_world()
    arrived, packed = make_delivery(world), make_delivery(world, shipped=False)
    visit(arrived, told())

    for delivery_id, refusal in ((arrived, ArrivedAlready), (packed, NotLoaded)):
        before = Delivery.objects.get(pk=delivery_id)
        with pytest.raises(refusal):
            plan_next_try(delivery_id=delivery_id, next_date=date(2026, 11, 25), by=world.owner, at=NOW)
        after = Delivery.objects.get(pk=delivery_id)
        assert (after.version, after.planned_date) == (before.version, before.planned_date)


def test_what_cannot_become_a_visit_stays_handed_in():
    world = make_world()
    delivery_id = make_delivery(world)
    report = handed_in(world, delivery_id)
    Delivery.objects.filter(pk=delivery_id).update(status="cancelled")

    with pytest.raises(CalledOff):
        end_report(report_id=report.id, take=True, by=world.owner, at=NOW)

    assert open_reports(by=world.owner).count() == 1


def test_the_page_of_the_delivery_and_its_note_carry_who_signed_and_when():
    world = make_world()
    driver = make_driver(world, "Budi Santoso")
    (delivery_id,) = make_round(world, driver, count=1)
    visit(delivery_id, told(photos=[photo()], signature=photo(), note="Titip satpam", arrived_at=NOW.isoformat()))

    page = log_in(world.owner).get(f"/deliveries/{delivery_id}").content.decode()
    paper = delivery_paper(subject_id=delivery_id, by=world.owner, language="id", variant="")

    assert "Titip satpam" in page
    assert page.count("/thumbnail") >= 2
    (signed,) = [one for one in paper.data.signatures if one.role == "sign_recipient"]
    assert (signed.name, bool(signed.image), "23 Nov 2026" in signed.at) == ("Pak Joko", True, True)


def test_the_customers_page_names_who_took_the_goods_only_where_the_company_wants_it():
    world = make_world()
    delivery_id = make_delivery(world)
    visit(delivery_id, told())
    assert tracking_of(delivery_id).received_by == "Pak Joko"

    change_shipping_settings(
        company_id=world.company.id, tells_customer=True, position_days=90, names_receiver=False, by=SYSTEM, at=NOW
    )

    found = tracking_of(delivery_id)
    assert (found.received_by, found.received_at) == ("", NOW)


def test_a_route_goes_to_who_may_drive_only_and_a_vehicle_too():
    world = make_world()
    driver, clerk = make_driver(world), make_user(world.company, "finance")
    make_round(world, driver, count=1)
    route = DeliveryRoute.objects.get()

    with pytest.raises(NotADriver):
        name_driver(route_id=route.id, driver_user_id=clerk.id, by=world.owner, at=NOW)
    route.refresh_from_db()
    assert route.driver_user_id == driver.id

    api = Api(world.owner)
    depot = str(Warehouse.objects.get().id)
    refused = api.post("vehicles", {"warehouse_id": depot, "plate": "L 1 A", "driver_user_id": str(clerk.id)})
    made = api.post("vehicles", {"warehouse_id": depot, "plate": "L 1 A", "driver_user_id": str(driver.id)})
    assert (refused.status_code, refused.json()["code"], made.status_code) == (422, "not_a_driver", 201)
    assert (Vehicle.objects.get().driver, Vehicle.objects.get().driver_user_id) == (driver.name, driver.id)


def test_a_program_of_the_driver_reads_the_day_tells_a_door_and_hands_in_and_the_offices_takes_it():
    world = make_world()
    driver, other = make_driver(world), make_driver(world)
    mine, lost = make_round(world, driver)
    api, office = Api(driver), Api(world.owner)
    assert [one["delivery_id"] for one in api.get("my-stops").json()["stops"]] == [str(mine), str(lost)]

    place = {"latitude": "-7.25", "longitude": "112.75", "accuracy": 9}
    done = api.post(f"deliveries/{mine}/visits", told(signature=photo()))
    routed = office.send("put", f"routes/{DeliveryRoute.objects.get().id}/driver", {"driver_user_id": str(other.id)})
    facts = told(signature=photo(), photos=[photo()], position=place, key=str(uuid4()))
    refused = api.post(f"deliveries/{lost}/visits", facts)
    api.post(f"deliveries/{lost}/door-reports", {**facts, "refused_code": refused.json()["code"]})
    (report,) = office.get("door-reports").json()["items"]
    taken = office.post(f"door-reports/{report['id']}/taking", {})

    assert (done.status_code, routed.status_code, refused.status_code, taken.status_code) == (200, 200, 403, 200)
    assert (report["code"], len(report["photo_ids"]), "position" in report["told"]) == ("not_your_stop", 1, False)
    (told_of,) = office.get(f"deliveries/{lost}/visits").json()
    assert (told_of["id"], told_of["signature_id"]) == (facts["key"], report["signature_id"])
    assert api.get(f"deliveries/{lost}/visits").status_code == 404
