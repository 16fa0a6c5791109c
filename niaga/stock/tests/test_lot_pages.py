from datetime import timedelta
from decimal import Decimal

import orjson
import pytest
from django.test import Client

from niaga.core.ids import new_id
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.stock.models import Lot, PickLine, Receipt
from niaga.stock.queries.paper import delivery_paper
from niaga.stock.tests.test_lots import EARLY, LATE, levels, main, make_list, make_milk, picks
from niaga.stock.tests.test_lots import make_delivery as make_sent
from tests.api import Api
from tests.makers import NOW, World, make_confirmed_order, make_product, make_world, signed_in

pytestmark = pytest.mark.django_db


def english(world: World) -> Client:
    client = signed_in(world)
    client.cookies["niaga_language"] = "en"
    return client


def grid(*lines: tuple[object, str]) -> str:
    rows = [
        {"kind": "item", "key": str(place), "product": str(product), "quantity": quantity}
        for place, (product, quantity) in enumerate(lines)
    ]
    return orjson.dumps(rows).decode()


def test_goods_are_received_with_lots_that_are_typed_or_scanned_under_the_lines():
    world = make_world()
    milk = make_milk(world)
    client = english(world)

    typed = f"{milk.sku}  A  2027-01-31  4\n{milk.sku}\tB\t30/06/2027\t6"
    client.post(
        "/stock/receipts/new",
        {"warehouse": str(main(world).id), "lines": grid((milk.id, "10")), "lots": typed},
    )

    assert levels(milk) == {"A": 4, "B": 6}
    page = client.get(f"/stock/receipts/{Receipt.objects.latest('id').id}").content.decode()
    assert "Lot A, until 31" in page


def test_a_row_that_is_no_lot_is_said_and_nothing_typed_is_lost():
    world = make_world()
    milk = make_milk(world)

    answer = english(world).post(
        "/stock/receipts/new",
        {"warehouse": str(main(world).id), "lines": grid((milk.id, "10")), "lots": "hello"},
    )

    assert answer.status_code == 422
    assert "Row 1 is no lot" in answer.content.decode()
    assert Receipt.objects.count() == 0


def test_a_lot_is_called_back_to_the_customer_the_delivery_and_the_invoice():
    world = make_world()
    milk = make_milk(world, ("A", 10, EARLY))
    order = make_confirmed_order(world, [LineInput(product_id=milk.id, quantity=Decimal(3))])
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=NOW)
    invoice_id = invoice_order(order_id=order.id, by=world.owner, at=NOW)
    client = english(world)
    lot = Lot.objects.get()

    client.post(f"/stock/lots/{lot.id}/block", {"reason": "Tercemar"})
    page = client.get(f"/stock/lots/{lot.id}").content.decode()

    assert order.customer.name in page
    assert f"/deliveries/{delivery_id}" in page
    assert f"/invoices/{invoice_id}" in page
    assert "Tercemar" in page
    lot.refresh_from_db()
    assert lot.is_barred


def test_a_product_is_told_apart_on_its_page():
    world = make_world()
    milk = make_product(world, stock=12)
    client = english(world)
    place = main(world)

    short = client.post(f"/stock/products/{milk.id}/lots", {f"place-{place.id}": "A 2027-01-31 5"})
    client.post(
        f"/stock/products/{milk.id}/lots",
        {f"place-{place.id}": "A 2027-01-31 5\nB 2027-06-30 7"},
    )

    assert short.status_code == 422
    assert levels(milk) == {"A": 5, "B": 7}
    page = client.get(f"/stock/products/{milk.id}").content.decode()
    assert "/stock/lots/" in page


def test_the_delivery_note_names_the_lots():
    world = make_world()
    milk = make_milk(world, ("A", 2, EARLY), ("B", 9, LATE))
    delivery = make_sent(world, milk, 3)
    ship_order_delivery(delivery_id=delivery.id, by=world.owner, at=NOW)

    paper = delivery_paper(subject_id=delivery.id, by=world.owner, language="en", variant="")

    assert "Lot A" in paper.data.lines[0].detail
    assert "Lot B" in paper.data.lines[0].detail


def test_the_phone_says_which_lot_was_taken_instead():
    world = make_world()
    milk = make_milk(world, ("A", 4, EARLY), ("B", 10, LATE))
    delivery = make_sent(world, milk, 3)
    line = make_list(world, delivery)
    client = english(world)

    page = client.get(f"/picking/{line.pick_list_id}/walk").content.decode()
    client.post(
        f"/picking/lines/{line.id}",
        {"key": str(new_id()), "quantity": "3", "reason": "Di belakang", "lots": [{"number": "B", "quantity": "3"}]},
        content_type="application/json",
    )

    assert '"number": "A"' in page
    assert picks(delivery) == {"B": 3}
    assert PickLine.objects.get(pk=line.id).picked == 3


def test_the_list_tells_what_expires_soon_and_what_it_is_worth():
    world = make_world()
    make_milk(world, ("SOON", 10, NOW.date() + timedelta(20)), ("B", 5, LATE))

    page = english(world).get("/stock/lots?soon=1").content.decode()

    assert "SOON" in page
    assert ">B<" not in page
    assert "Expires soon" in page
    told = b"".join(english(world).get("/stock/lots?export=csv")).decode()
    assert "Expires soon" in told


def test_lots_over_the_api():
    world = make_world()
    milk = make_milk(world)
    api = Api(world.owner)
    lots = [
        {"number": "A", "quantity": 2, "expires_on": "2027-01-31"},
        {"number": "B", "quantity": 3, "expires_on": "2027-06-30"},
    ]

    made = api.post("stock/receipts", {"lines": [{"product_id": str(milk.id), "quantity": 5, "lots": lots}]})
    listed = api.client.get(f"/api/v1/stock/lots?product_id={milk.id}").json()["items"]
    blocked = api.post(f"stock/lots/{listed[0]['id']}/block", {"reason": "Ditarik"})

    assert made.status_code == 201
    assert [(row["number"], row["on_hand"]) for row in listed] == [("A", "2"), ("B", "3")]
    assert (blocked.json()["is_barred"], blocked.json()["moves"][0]["quantity"]) == (True, "2")
    level = api.client.get(f"/api/v1/stock/levels?product_id={milk.id}").json()["items"][0]
    assert (level["on_hand"], level["barred"], level["available"]) == ("5", "2", "3")


def test_the_lots_of_a_delivery_are_chosen_over_the_api():
    world = make_world()
    milk = make_milk(world, ("A", 2, EARLY), ("B", 9, LATE))
    delivery = make_sent(world, milk, 3)
    api = Api(world.owner)
    path = f"/api/v1/deliveries/{delivery.id}/lots"
    lines = [{"line_id": str(delivery.lines.get().id), "lots": [{"number": "B", "quantity": 3}]}]

    bare = api.client.put(path, {"lines": lines}, content_type="application/json")
    chosen = api.client.put(path, {"lines": lines, "reason": "Permintaan"}, content_type="application/json")

    assert bare.json()["code"] == "reason_missing"
    assert [(lot["number"], lot["quantity"]) for lot in chosen.json()] == [("B", "3")]


def test_a_product_is_kept_by_lot_and_no_longer_over_the_api():
    world = make_world()
    milk = make_product(world)
    api = Api(world.owner)
    path = f"/api/v1/products/{milk.id}/lots"

    kept = api.client.put(path, {}, content_type="application/json")
    ended = api.client.delete(path)

    assert (kept.json()["by_lot"], ended.json()["by_lot"]) == (True, False)
