"""The stockroom's papers, as a program meets them."""

import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from niaga.core.clock import now
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from niaga.sales.rules.lines import LineInput
from niaga.stock.models import Adjustment, ExpectedReceipt, StockLevel, Transfer, Warehouse
from tests.api import Api
from tests.makers import World, make_confirmed_order, make_product, make_user, make_world

pytestmark = pytest.mark.django_db


def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, "PNG")
    return content.getvalue()


def main(world: World) -> Warehouse:
    return Warehouse.objects.filter(company=world.company).earliest("id")


def on_hand(world: World, product: Any) -> Decimal:
    return StockLevel.objects.get(warehouse=main(world), product=product).on_hand


def test_an_adjustment_takes_away_what_is_free_and_no_more():
    world = make_world()
    coffee = make_product(world, stock=5)
    api = Api(world.owner)
    body = {"warehouse_id": str(main(world).id), "reason": "Pecah"}

    done = api.post("stock/adjustments", {**body, "lines": [{"sku": coffee.sku, "quantity": -2}]})
    above = api.post("stock/adjustments", {**body, "lines": [{"sku": coffee.sku, "quantity": -9}]})

    assert (done.status_code, done.json()["lines"][0]["difference"]) == (201, "-2")
    assert done["Location"] == f"/api/v1/stock/adjustments/{done.json()['id']}"
    assert api.client.get(done["Location"]).json() == done.json()
    assert (above.json()["code"], above.json()["lines"][0]["line"]) == ("not_enough_free", 1)
    assert (on_hand(world, coffee), Adjustment.objects.filter(company=world.company).count()) == (3, 1)


def test_goods_are_transferred_to_a_new_warehouse_and_never_more_than_are_free():
    world = make_world()
    coffee = make_product(world, stock=5)
    api = Api(world.owner)

    made = api.post("warehouses", {"code": "z2", "name": "Gudang 2"})
    again = api.post("warehouses", {"code": "Z2", "name": "Gudang dua"})
    body = {"source_id": str(main(world).id), "target_id": made.json()["id"]}
    moved = api.post("stock/transfers", {**body, "lines": [{"sku": coffee.sku, "quantity": 2}]})
    above = api.post("stock/transfers", {**body, "lines": [{"sku": coffee.sku, "quantity": 4}]})

    assert (made.status_code, made["Location"]) == (201, f"/api/v1/warehouses/{made.json()['id']}")
    assert again.json()["code"] == "code_taken"
    assert len(api.get("warehouses").json()["items"]) == Warehouse.objects.filter(company=world.company).count()
    assert (moved.status_code, moved.json()["lines"][0]["quantity"]) == (201, "2")
    assert api.client.get(moved["Location"]).json() == moved.json()
    assert above.json()["code"] == "not_enough_free"
    assert (on_hand(world, coffee), Transfer.objects.filter(company=world.company).count()) == (3, 1)


def test_expected_goods_are_received_in_part_and_the_rest_is_called_off():
    world = make_world()
    coffee = make_product(world, stock=1)
    api = Api(world.owner)
    body = {
        "warehouse_id": str(main(world).id), "supplier": "PT Kebun", "expected_date": "2027-01-04",
        "lines": [{"sku": coffee.sku, "quantity": 10}],
    }  # fmt: skip
    noted = api.post("stock/expected-receipts", body)
    path = f"stock/expected-receipts/{noted.json()['id']}"
    line_id = noted.json()["lines"][0]["id"]

    above = api.post(f"{path}/reception", {"lines": [{"line_id": line_id, "quantity": 11}]})
    untouched = (on_hand(world, coffee), ExpectedReceipt.objects.get(pk=noted.json()["id"]).status)
    came = api.post(f"{path}/reception", {"lines": [{"line_id": line_id, "quantity": 4, "unit_cost": 70_000}]})
    gone = api.post(f"{path}/cancellation", {"reason": "Habis"})

    assert (noted.status_code, noted["Location"]) == (201, f"/api/v1/{path}")
    assert (above.json()["code"], untouched) == ("over_received", (1, "open"))
    assert (came.status_code, came.json()["lines"][0]["unit_cost"]) == (201, "70000")
    assert came["Location"] == f"/api/v1/stock/receipts/{came.json()['id']}"
    assert (gone.json()["status"], gone.json()["lines"][0]["received"]) == ("cancelled", "4")
    assert on_hand(world, coffee) == 5


def test_a_count_is_drafted_entered_posted_and_then_stands():
    world = make_world()
    coffee = make_product(world, stock=10)
    api = Api(world.owner)
    sheet = api.post("stock/counts", {"warehouse_id": str(main(world).id), "product_ids": [str(coffee.id)]})
    path = f"stock/counts/{sheet.json()['id']}"
    entry = {"lines": [{"line_id": sheet.json()["lines"][0]["id"], "counted": 9}]}

    entered = api.post(f"{path}/entries", entry, **{"If-Match": sheet["ETag"]})
    stale = api.post(f"{path}/entries", entry, **{"If-Match": sheet["ETag"]})
    posted = api.post(f"{path}/posting")
    late = api.post(f"{path}/cancellation")

    assert (sheet.status_code, sheet["Location"]) == (201, f"/api/v1/{path}")
    assert (entered.status_code, entered.json()["lines"][0]["difference"]) == (200, "-1")
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    assert posted.json()["status"] == "posted"
    assert (late.status_code, api.get(path).json()["status"]) == (409, "posted")
    assert on_hand(world, coffee) == 9


def test_a_count_that_was_put_aside_changes_nothing():
    world = make_world()
    coffee = make_product(world, stock=10)
    api = Api(world.owner)
    sheet = api.post("stock/counts", {"warehouse_id": str(main(world).id)})

    gone = api.post(f"stock/counts/{sheet.json()['id']}/cancellation", {"reason": "Salah gudang"})

    assert (gone.status_code, gone.json()["status"]) == (200, "cancelled")
    assert on_hand(world, coffee) == 10


def test_every_paper_is_listed_the_newest_first_and_narrowed_by_what_is_asked():
    world = make_world()
    coffee = make_product(world, stock=50)
    api = Api(world.owner)
    here = {"warehouse_id": str(main(world).id)}
    other = api.post("warehouses", {"code": "z2", "name": "Gudang 2"}).json()["id"]
    lines = [{"sku": coffee.sku, "quantity": 1}]
    adjusted = [api.post("stock/adjustments", {**here, "reason": why, "lines": lines}).json() for why in ("A", "B")]
    counted = api.post("stock/counts", here).json()
    moved = api.post("stock/transfers", {"source_id": here["warehouse_id"], "target_id": other, "lines": lines}).json()
    expected = api.post(
        "stock/expected-receipts", {**here, "supplier": "CV Kebun", "expected_date": "2027-01-05", "lines": lines}
    ).json()
    received = api.post("stock/receipts", {"supplier": "CV Kebun", "reference": "PO-7", "lines": lines}).json()

    def ids(path: str) -> list[str]:
        return [row["id"] for row in api.get(path).json()["items"]]

    assert ids("stock/adjustments") == [adjusted[1]["id"], adjusted[0]["id"]]
    assert ids("stock/adjustments?limit=1&q=B") == [adjusted[1]["id"]]
    assert (ids("stock/counts?status=draft"), ids("stock/counts?status=posted")) == ([counted["id"]], [])
    assert (ids(f"stock/transfers?warehouse_id={other}"), ids("stock/transfers?q=none")) == ([moved["id"]], [])
    assert ids("stock/expected-receipts?expected_until=2027-01-05") == [expected["id"]]
    assert ids("stock/expected-receipts?expected_until=2027-01-04") == []
    assert ids("stock/receipts?q=po-7") == [received["id"]]
    assert ids("stock/receipts?until=2020-01-01T00:00:00Z") == []
    moves = api.get(f"stock/moves?product_id={coffee.id}&reason=adjustment").json()["items"]
    assert [move["quantity"] for move in moves] == ["1", "1"]
    level = api.get(f"stock/levels?product_id={coffee.id}&warehouse_id={main(world).id}").json()["items"][0]
    assert (level["on_hand"], level["incoming"], level["incoming_date"]) == ("52", "1", "2027-01-05")


def test_what_goods_cost_is_told_only_to_who_may_see_costs():
    world = make_world()
    coffee = make_product(world)
    api = Api(world.owner)
    made = api.post("stock/receipts", {"lines": [{"sku": coffee.sku, "quantity": 4, "unit_cost": 61_000}]})
    seller = make_user(world.company, "salesperson")
    token = create_token(user_id=seller.id, name="test", by=SYSTEM, at=now())
    client = Client(headers={"Authorization": f"Bearer {token.text}"})

    told = api.get(f"stock/receipts/{made.json()['id']}").json()["lines"][0]["unit_cost"]
    untold = client.get(made["Location"]).json()["lines"][0]["unit_cost"]

    assert (told, untold) == ("61000", None)
    assert api.get("stock/moves").json()["items"][0]["unit_cost"] == "61000"
    assert client.get("/api/v1/stock/moves").json()["items"][0]["unit_cost"] is None


def test_a_delivery_is_brought_and_proved_with_a_photo():
    world = make_world()
    coffee = make_product(world, stock=5)
    order = make_confirmed_order(world, [LineInput(product_id=coffee.id, quantity=Decimal(2))])
    api = Api(world.owner)
    delivery = api.post(f"orders/{order.id}/deliveries").json()
    path = f"deliveries/{delivery['id']}"

    def patch(body: Any, **headers: str) -> Any:
        return api.client.patch(f"/api/v1/{path}", body, content_type="application/json", headers=headers)

    brought = patch({"carrier": "Pak Slamet", "tracking": "L 1234 AB"})
    stale = patch({"carrier": "JNE"}, **{"If-Match": '"1"'})
    api.post(f"{path}/shipment")
    photo = api.client.post(
        "/api/v1/attachments",
        {"subject_kind": "delivery", "subject_id": delivery["id"], "purpose": "photo",
         "file": SimpleUploadedFile("bukti.png", picture(), "image/png")},
    ).json()  # fmt: skip
    foreign = api.post(f"{path}/arrival", {"received_by": "Ibu Sari", "photo_id": str(order.id)})
    arrived = api.post(f"{path}/arrival", {"received_by": "Ibu Sari", "photo_id": photo["id"]})

    assert (brought.json()["carrier"], brought.json()["tracking"]) == ("Pak Slamet", "L 1234 AB")
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    assert (foreign.status_code, foreign.json()["field"]) == (404, "photo_id")
    assert (arrived.json()["status"], arrived.json()["carrier"]) == ("delivered", "Pak Slamet")
    assert arrived.json()["proof"]["photo_id"] == photo["id"]
    assert arrived.json()["proof"]["received_by"] == "Ibu Sari"


def test_a_warehouse_is_changed_put_away_and_never_given_to_another_company():
    world, other = make_world(), make_world()
    api = Api(world.owner)
    place = api.post("warehouses", {"code": "z2", "name": "Gudang 2"}).json()
    path = f"/api/v1/warehouses/{place['id']}"

    named = api.client.patch(path, {"name": "Gudang Utara"}, content_type="application/json")
    given = api.client.patch(path, {"branch_id": str(other.branch.id)}, content_type="application/json")
    made = api.post("warehouses", {"code": "z3", "name": "Gudang 3", "branch_id": str(other.branch.id)})
    closed = [api.client.put(f"{path}/archive").json()["archived_at"] is not None for _turn in range(2)]

    assert (named.json()["code"], named.json()["name"]) == ("Z2", "Gudang Utara")
    assert (given.status_code, made.status_code) == (404, 404)
    assert Warehouse.objects.get(pk=place["id"]).branch_id == world.branch.id
    assert closed == [True, True]
    assert place["id"] not in [row["id"] for row in api.get("warehouses").json()["items"]]
    assert api.client.delete(f"{path}/archive").json()["archived_at"] is None
    assert api.client.put(f"/api/v1/warehouses/{main(other).id}/archive").status_code == 404
