"""The stockroom's papers, as a program meets them."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from niaga.core.clock import now
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from niaga.stock.models import Adjustment, ExpectedReceipt, StockLevel, Transfer, Warehouse
from tests.makers import World, make_product, make_world

pytestmark = pytest.mark.django_db


class Api:
    def __init__(self, world: World) -> None:
        token = create_token(user_id=world.owner.id, name="test", by=SYSTEM, at=now())
        self.client = Client(headers={"Authorization": f"Bearer {token.text}"})

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(f"/api/v1/{path}", body or {}, content_type="application/json", headers=headers)

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/{path}")


def main(world: World) -> Warehouse:
    return Warehouse.objects.filter(company=world.company).earliest("id")


def on_hand(world: World, product: Any) -> Decimal:
    return StockLevel.objects.get(warehouse=main(world), product=product).on_hand


def test_an_adjustment_takes_away_what_is_free_and_no_more():
    world = make_world()
    coffee = make_product(world, stock=5)
    api = Api(world)
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
    api = Api(world)

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
    api = Api(world)
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
    api = Api(world)
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
    api = Api(world)
    sheet = api.post("stock/counts", {"warehouse_id": str(main(world).id)})

    gone = api.post(f"stock/counts/{sheet.json()['id']}/cancellation", {"reason": "Salah gudang"})

    assert (gone.status_code, gone.json()["status"]) == (200, "cancelled")
    assert on_hand(world, coffee) == 10
