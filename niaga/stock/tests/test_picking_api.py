"""Routes, picking, vehicles and what can be promised, as a program and a phone meet them."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import orjson
import pytest

from niaga.catalog.models import Barcode
from niaga.sales.rules.lines import LineInput
from niaga.stock.models import PickLine, StockLevel, Vehicle, Warehouse
from tests.api import Api
from tests.makers import NOW, World, make_confirmed_order, make_product, make_user, make_world, signed_in

pytestmark = pytest.mark.django_db


def main(world: World) -> str:
    return str(Warehouse.objects.get(company=world.company).id)


def planned(world: World, api: Api, products: int = 1):
    for _turn in range(products):
        make_confirmed_order(world, [LineInput(product_id=make_product(world, stock=9).id, quantity=Decimal(2))])
    plan = api.post("delivery-plans", {"warehouse_id": main(world), "date": NOW.date().isoformat()})
    assert plan.status_code == 201, plan.content
    return plan.json()


def test_a_program_plans_a_day_and_picks_it():
    world = make_world()
    api = Api(world.owner)
    plan = planned(world, api, 2)
    found = f"pick-lists/{plan['pick_lists'][0]}"

    taken = api.post(f"{found}/taking", {}).json()
    line = taken["lines"][0]
    one = api.post(f"pick-lines/{line['id']}/picks", {"key": str(uuid4()), "quantity": 2})
    short = api.post(f"pick-lines/{taken['lines'][1]['id']}/picks", {"key": str(uuid4()), "quantity": 1})
    back = api.post(f"{found}/handing-back", {"everyones": True}).json()

    assert (plan["deliveries"], taken["line_count"], line["picker_id"]) == (2, 2, str(world.owner.id))
    assert (one.status_code, one.json()["picked"]) == (200, "2")
    assert (short.status_code, short.json()["code"]) == (422, "reason_missing")
    assert (back["done_count"], back["lines"][1]["picker_id"]) == (1, None)


def test_a_key_told_of_one_line_is_refused_for_another_and_nothing_is_picked():
    world = make_world()
    api = Api(world.owner)
    plan = planned(world, api, 2)
    first, second = api.post(f"pick-lists/{plan['pick_lists'][0]}/taking", {}).json()["lines"]
    key = str(uuid4())

    answers = [
        api.send("post", f"pick-lines/{line['id']}/picks", {"key": key, "quantity": 2})
        for line in (first, first, second)
    ]

    assert [one.status_code for one in answers] == [200, 200, 422]
    assert PickLine.objects.get(pk=second["id"]).picked is None


def test_stops_of_a_route_are_put_in_another_order():
    world = make_world()
    api = Api(world.owner)
    planned(world, api, 3)
    route = api.get("routes").json()["items"][0]
    stops = api.get(f"routes/{route['id']}").json()["stops"]

    answer = api.send("put", f"routes/{route['id']}/stops/{stops[2]['delivery_id']}", {"position": 1}).json()

    assert [stop["delivery_id"] for stop in answer["stops"]] == [
        stops[2]["delivery_id"], stops[0]["delivery_id"], stops[1]["delivery_id"],
    ]  # fmt: skip


def test_vehicles_are_added_changed_and_put_away_and_a_plate_is_there_once():
    world = make_world()
    api = Api(world.owner)
    body = {"warehouse_id": main(world), "plate": "l 1 aa", "driver": "Budi", "stops": 20, "zones": ["Gresik", " "]}

    made = api.post("vehicles", body)
    twice = api.post("vehicles", body)
    changed = api.send("put", f"vehicles/{made.json()['id']}", {**body, "stops": 5})
    away = api.send("put", f"vehicles/{made.json()['id']}/archive")

    assert (made.status_code, made.json()["plate"], made.json()["zones"]) == (201, "L 1 AA", ["Gresik"])
    assert (twice.json()["code"], changed.json()["stops"]) == ("plate_taken", 5)
    assert away.json()["archived_at"]
    assert api.get("vehicles").json()["items"] == []
    assert Vehicle.objects.count() == 1


def test_what_can_be_promised_of_many_products_and_where_they_lie():
    world = make_world()
    api = Api(world.owner)
    tea, coffee = make_product(world, stock=5), make_product(world)
    api.post(
        "stock/expected-receipts",
        {"warehouse_id": main(world), "supplier": "CV", "expected_date": "2099-01-02",
         "lines": [{"product_id": str(coffee.id), "quantity": 7}]},
    )  # fmt: skip

    answer = api.get(f"stock/promises?product_id={tea.id}&product_id={coffee.id}").json()
    placed = api.send(
        "put", "stock/places", {"warehouse_id": main(world), "places": [{"product_id": str(tea.id), "place": " A  1 "}]}
    )

    assert [one["steps"] for one in answer] == [
        [{"date": None, "quantity": "5"}],
        [{"date": None, "quantity": "0"}, {"date": "2099-01-02", "quantity": "7"}],
    ]
    assert (placed.json(), StockLevel.objects.get(product=tea).place) == ({"products": 1}, "A 1")


def test_a_receipt_is_expected_on_another_day_by_the_page_with_a_reason():
    world = make_world()
    api = Api(world.owner)
    made = api.post(
        "stock/expected-receipts",
        {"warehouse_id": main(world), "supplier": "CV", "expected_date": "2099-01-02",
         "lines": [{"product_id": str(make_product(world).id), "quantity": 7}]},
    ).json()  # fmt: skip

    signed_in(world).post(
        f"/stock/expected/{made['id']}/date", {"expected_date": "2099-02-03", "reason": "Kapal terlambat"}
    )

    assert api.get(f"stock/expected-receipts/{made['id']}").json()["expected_date"] == "2099-02-03"


def test_the_phone_gets_what_its_picker_took_and_sends_each_pick_as_json():
    world = make_world()
    plan = planned(world, Api(world.owner))
    line = PickLine.objects.get()
    Barcode.objects.create(company=world.company, product=line.product, unit=line.product.unit, code="8991234567890")
    browser = signed_in(world)
    address = f"/picking/{plan['pick_lists'][0]}"
    away = browser.get(f"{address}/walk")

    browser.post(f"{address}/taking")
    walk = browser.get(f"{address}/walk").content.decode()
    key = str(uuid4())
    answers = [
        browser.post(
            f"/picking/lines/{line.id}", orjson.dumps(body), content_type="application/json",
            headers={"accept": "application/json"},
        )
        for body in ({"key": key, "quantity": "2"}, {"key": key, "quantity": "2"}, {"key": "x"}, ["?"],
                     {"key": str(uuid4()), "quantity": "NaN"})
    ]  # fmt: skip

    assert (away.status_code, "8991234567890" in walk) == (302, True)
    assert [one.status_code for one in answers] == [200, 200, 422, 422, 422]
    assert PickLine.objects.get().picked == 2
    assert browser.get(address).status_code == 200


def test_the_day_shows_what_is_due_and_one_button_plans_it():
    world = make_world()
    make_confirmed_order(world, [LineInput(product_id=make_product(world, stock=9).id, quantity=Decimal(2))])
    browser = signed_in(world)
    browser.cookies["niaga_language"] = "en"
    day = {"date": date.today().isoformat(), "warehouse": main(world)}

    before = browser.get("/deliveries/day", day).content.decode()
    browser.post("/deliveries/day/plan", day)
    after = browser.get("/deliveries/day", day).content.decode()

    assert "Plan the day" in before
    assert "Plan the day" not in after
    assert "No vehicle" in after
    assert "PL-" in after
    looking = signed_in(world, "auditor").get("/deliveries/day", day)
    assert (looking.status_code, b"/deliveries/day/plan" in looking.content) == (200, False)


def test_a_picker_of_another_branch_sees_no_list():
    world, other = make_world(), make_world()
    plan = planned(world, Api(world.owner))

    stranger = Api(make_user(other.company, "owner"))

    assert stranger.get(f"pick-lists/{plan['pick_lists'][0]}").status_code == 404
    assert stranger.post(f"pick-lists/{plan['pick_lists'][0]}/taking", {}).status_code == 404
    assert stranger.post(
        f"pick-lines/{PickLine.objects.get().id}/picks", {"key": str(uuid4()), "quantity": 2}
    ).status_code == 404  # fmt: skip
    assert PickLine.objects.get().picker_id is None


def test_a_list_that_is_fetched_in_part_shows_how_far_it_is():
    world = make_world()
    api = Api(world.owner)
    found = planned(world, api, 2)["pick_lists"][0]
    line = api.post(f"pick-lists/{found}/taking", {}).json()["lines"][0]
    api.post(f"pick-lines/{line['id']}/picks", {"key": str(uuid4()), "quantity": 2})

    page = signed_in(world).get(f"/picking/{found}")

    assert page.status_code == 200
    assert '<rect width="50" height="6">' in page.content.decode()
