"""What travels together on pages, on paper and by the API."""

import html
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.urls import reverse

from niaga.core.ids import new_id
from niaga.documents.registry import papers
from niaga.documents.rules.print_payload import print_payload
from niaga.documents.services.print_paper import print_paper
from niaga.organization.access import SYSTEM
from niaga.parties.services.set_credit import set_credit
from niaga.sales.models import CreditRequest
from niaga.sales.services.ship_together import ship_together
from niaga.sales.tests.together import make_joint, make_waiting
from niaga.stock.models import Delivery, DeliveryLine, JointDelivery
from niaga.stock.services.plan_day import plan_day
from tests.api import Api
from tests.makers import NOW, make_customer, make_product, make_world, signed_in

pytestmark = pytest.mark.django_db


def test_what_could_go_along_is_offered_on_the_delivery_and_put_together_from_there():
    world = make_world()
    browser, customer = signed_in(world), make_customer(world)
    first = make_waiting(world, customer)
    second = make_waiting(world, customer, product=make_product(world, stock=9, name="Teh"))
    stranger = make_waiting(world)

    assert f"/deliveries/{first}/together" in browser.get(f"/deliveries/{first}").content.decode()
    offered = browser.get(f"/deliveries/{first}/together").content.decode()
    assert str(second) in offered
    assert "Teh × 5" in offered
    assert str(stranger) not in offered
    answer = browser.post("/deliveries/joint", {"delivery": [str(first), str(second)]})

    joint = Delivery.objects.get(pk=first).joint
    assert answer.headers["Location"] == f"/deliveries/joint/{joint.pk}"
    page = browser.get(f"/deliveries/joint/{joint.pk}").content.decode()
    assert all(number in page for number in ("JD-2026-00001", "SO-2026-00001", "SO-2026-00002", "Teh"))
    assert f"/deliveries/joint/{joint.pk}" in browser.get(f"/deliveries/{second}").content.decode()
    order_id = DeliveryLine.objects.get(delivery_id=second).order_links.get().order_line.order_id
    order = browser.get(f"/orders/{order_id}").content.decode()
    assert "JD-2026-00001" in order
    assert "SO-2026-00001" in order


def test_several_rows_of_the_list_and_a_door_of_the_days_plan_are_put_together():
    world = make_world()
    browser = signed_in(world)
    customer = make_customer(world)
    found = [make_waiting(world, customer) for _turn in range(2)]

    day = browser.get("/deliveries/day").content.decode()
    browser.post("/deliveries", {"bulk": "together", "pick": [str(one) for one in found]})

    assert all(f'name="delivery" value="{one}"' in day for one in found)
    joint = Delivery.objects.get(pk=found[0]).joint
    assert Delivery.objects.get(pk=found[1]).joint == joint is not None
    row = Delivery.objects.get(pk=found[0])
    plan_day(warehouse_id=row.warehouse_id, date=NOW.date(), delivery_ids=found, by=SYSTEM, at=NOW)
    day = browser.get(f"/deliveries/day?date={NOW.date()}").content.decode()
    assert day.count(f"/deliveries/joint/{joint.pk}") == 1


def test_it_is_shipped_from_its_page_and_what_credit_stops_is_named_and_asked_about():
    world = make_world()
    browser = signed_in(world)
    customer = make_customer(world)
    joint_id, found = make_joint(world, count=2, customer=customer)
    lines = {row.delivery_id: row.pk for row in DeliveryLine.objects.filter(delivery_id__in=found)}

    given = {f"line-{lines[found[0]]}": "5", f"line-{lines[found[1]]}": "3"}
    browser.post(f"/deliveries/joint/{joint_id}/shipment", given)

    assert set(Delivery.objects.values_list("status", flat=True)) == {"shipped"}
    assert sorted(DeliveryLine.objects.values_list("quantity", flat=True)) == [3, 5]
    held_id, held = make_joint(world, count=2, customer=customer)
    set_credit(customer_id=customer.id, limit=Decimal(1), on_hold=False, by=world.owner, at=NOW)
    browser.post(f"/deliveries/joint/{held_id}/shipment")
    assert Delivery.objects.filter(pk__in=held, status="draft", joint_id=held_id).count() == 2
    assert set(CreditRequest.objects.values_list("delivery_id", flat=True)) == set(held)


def test_it_is_taken_apart_from_its_page():
    world = make_world()
    joint_id, found = make_joint(world)
    browser = signed_in(world)

    browser.post(f"/deliveries/joint/{joint_id}/separation", {"delivery": str(found[0])})
    assert Delivery.objects.filter(joint_id=joint_id).count() == 2
    browser.post(f"/deliveries/joint/{joint_id}/separation")

    assert not Delivery.objects.filter(joint__isnull=False).exists()
    assert browser.get(f"/deliveries/joint/{joint_id}").status_code == 404


def test_one_delivery_note_lists_the_goods_by_order_with_the_customers_reference():
    world = make_world()
    joint_id, _found = make_joint(world, count=2, customer_reference="PO-88")
    source = papers.get("joint")

    paper = source(subject_id=joint_id, by=SYSTEM, language="en", variant="")
    rows = print_payload(kind=paper.kind, document=paper.data, language="en")["rows"]

    assert [row["text"] for row in rows if row["type"] == "section"] == [
        "SO-2026-00001 · your ref. PO-88 · DO-2026-00001", "SO-2026-00002 · your ref. PO-88 · DO-2026-00002",
    ]  # fmt: skip
    assert len(rows) == 4
    assert paper.data.number == "JD-2026-00001"
    printed = print_paper(kind="joint", subject_id=joint_id, by=world.owner, at=NOW)
    assert printed.content.startswith(b"%PDF")
    picks = source(subject_id=joint_id, by=SYSTEM, language="en", variant="pick_list")
    assert [line.available for line in picks.data.lines if line.kind == "item"] == [100, 100]


def test_a_program_puts_together_ships_and_takes_apart():
    world = make_world()
    api = Api(world.owner)
    customer = make_customer(world)
    first, second, third = (make_waiting(world, customer) for _turn in range(3))
    stranger = make_waiting(world)

    offered = api.get(f"deliveries/{first}/companions").json()
    refused = api.post("joint-deliveries", {"delivery_ids": [str(first), str(stranger)]})
    body = {"delivery_ids": [str(first), str(second), str(third)]}
    made = [api.post("joint-deliveries", body, key="satu") for _turn in range(2)]
    joint_id = made[0].json()["id"]
    apart = api.post(f"joint-deliveries/{joint_id}/separation", {"delivery_ids": [str(third)]})
    shipped = api.post(f"joint-deliveries/{joint_id}/shipment")

    assert [one["id"] for one in offered] == [str(second), str(third)]
    assert (refused.status_code, refused.json()["code"]) == (409, "not_together")
    assert refused.json()["lines"][0]["why"] == "other_customer"
    assert [one.status_code for one in made] == [201, 201]
    assert made[0].json() == made[1].json()
    assert apart.status_code == 204
    assert shipped.json() == {"delivery_ids": sorted([str(first), str(second)]), "stayed": [], "is_joint": True}
    assert api.get(f"deliveries/{first}").json()["joint_id"] == joint_id
    assert api.post(f"deliveries/{first}/shipment").json()["code"] == "wrong_state"
    assert api.get(f"joint-deliveries/{joint_id}").json()["number"] == "JD-2026-00001"
    assert api.get(f"joint-deliveries/{new_id()}").status_code == 404


def test_another_companys_person_sees_none_of_it():
    joint_id, found = make_joint(make_world(), count=2)
    other = make_world()
    browser = signed_in(other)

    paper = reverse("documents:paper", args=["joint", joint_id])
    for address in (f"/deliveries/joint/{joint_id}", f"/deliveries/{found[0]}/together", paper):
        assert browser.get(address).status_code == 404
    assert browser.post(f"/deliveries/joint/{joint_id}/shipment").status_code == 404
    assert browser.post(f"/deliveries/joint/{joint_id}/separation").status_code == 404
    assert browser.post("/deliveries/joint", {"delivery": [str(one) for one in found]}).status_code == 404
    assert Api(other.owner).post(f"joint-deliveries/{joint_id}/shipment").status_code == 404
    ship_together(joint_id=joint_id, by=SYSTEM, at=NOW)


def test_a_note_without_a_day_has_the_day_of_the_branch_on_which_it_was_made():
    world = make_world()
    joint_id, found = make_joint(world, count=2)
    late = datetime(2026, 7, 25, 20, 30, tzinfo=UTC)  # half past three in the morning of the 26th in Jakarta
    Delivery.objects.update(planned_date=None, created_at=late)
    JointDelivery.objects.update(created_at=late)

    notes = [
        papers.get(kind)(subject_id=subject, by=world.owner, language="id", variant="")
        for kind, subject in (("delivery", found[0]), ("joint", joint_id))
    ]

    assert [note.data.day for note in notes] == [date(2026, 7, 26)] * 2


def test_only_what_fits_together_is_ticked_for_a_delivery():
    world = make_world()
    browser, customer = signed_in(world), make_customer(world)
    lead = make_waiting(world, customer)
    (one, first), (other, second) = (make_joint(world, count=2, customer=customer) for _turn in range(2))

    page = browser.get(f"/deliveries/{lead}/together").content.decode()
    ticked = [UUID(key) for key in re.findall(r'name="delivery" value="([0-9a-f-]+)"[^>]* checked', page)]

    assert ticked in (first, second)
    assert all(f'value="{key}"' in page for key in (*first, *second))
    browser.post("/deliveries/joint", {"delivery": [str(lead), *map(str, ticked)]})
    assert Delivery.objects.get(pk=lead).joint_id in (one, other)


def test_what_does_not_go_along_is_named_with_why_where_it_was_asked_for():
    world = make_world()
    browser, customer = signed_in(world), make_customer(world)
    browser.cookies["niaga_language"] = "en"
    here, stranger = make_waiting(world, customer), make_waiting(world)
    number = Delivery.objects.get(pk=stranger).number
    picked = [str(here), str(stranger)]

    from_page = browser.post("/deliveries/joint", {"delivery": picked}, follow=True).content.decode()
    from_list = browser.post("/deliveries", {"bulk": "together", "pick": picked}, follow=True).content.decode()

    for said in map(html.unescape, (from_page, from_list)):
        assert f"{number}: It is another customer's." in said
    assert not Delivery.objects.filter(joint__isnull=False).exists()
