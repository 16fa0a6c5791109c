"""Every page of the warehouse answers, for who may, with a fixed number of statements."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from niaga.sales.rules.lines import LineInput
from niaga.sales.services.deliver_order import deliver_order
from niaga.stock.models import (
    Adjustment,
    AdjustmentLine,
    Delivery,
    DeliveryLine,
    ExpectedReceipt,
    ExpectedReceiptLine,
    Receipt,
    StockLevel,
    Transfer,
    Warehouse,
)
from niaga.stock.services import StockItem, create_warehouse, draft_count, expect_receipt
from tests.makers import NOW, World, make_confirmed_order, make_product, make_world, signed_in

pytestmark = pytest.mark.django_db


def make_delivery(world: World, quantity: int = 5) -> Delivery:
    coffee = make_product(world, stock=10)
    order = make_confirmed_order(world, [LineInput(sku=coffee.sku, quantity=Decimal(quantity))])
    return Delivery.objects.get(pk=deliver_order(order_id=order.id, by=world.owner, at=NOW))


def grid(*lines: dict[str, Any]) -> str:
    return orjson.dumps([{"key": str(place), "kind": "item", **line} for place, line in enumerate(lines)]).decode()


LISTS = (
    "/deliveries", "/stock", "/stock/moves", "/stock/receipts", "/stock/expected", "/stock/adjustments",
    "/stock/transfers", "/settings/warehouses",
)  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_shown_in_both_languages_and_exported(path: str):
    world = make_world()
    make_delivery(world)
    client = signed_in(world)

    for language in ("id", "en"):
        answer = client.get(path, headers={"Accept-Language": language})
        assert answer.status_code == 200, path
    if path != "/settings/warehouses":
        assert client.get(f"{path}?export=csv").status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_the_statements_of_a_list_do_not_grow_with_its_rows(path: str):
    world = make_world()
    client = signed_in(world)
    make_delivery(world)
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for _number in range(4):
        make_delivery(world)
    with CaptureQueriesContext(connection) as many:
        client.get(path)

    assert len(many) <= len(few)
    assert len(many) <= 15


def test_a_delivery_is_picked_shipped_in_part_and_taken_on_its_page():
    world = make_world()
    delivery = make_delivery(world)
    line = DeliveryLine.objects.get()
    client = signed_in(world)
    client.get(f"/deliveries/{delivery.pk}")
    with CaptureQueriesContext(connection) as shown:
        page = client.get(f"/deliveries/{delivery.pk}").content.decode()
    assert delivery.number in page
    assert len(shown) <= 20

    client.post(f"/deliveries/{delivery.pk}/picking")
    answer = client.post(f"/deliveries/{delivery.pk}/shipment", {f"line-{line.pk}": "3"})
    assert answer.status_code == 303
    client.post(
        f"/deliveries/{delivery.pk}/carrier", {"carrier": "JNE", "tracking": "JP1", "note": "", "planned_date": ""}
    )
    assert client.post(f"/deliveries/{delivery.pk}/arrival", {"received_by": "Pak Budi"}).status_code == 303

    delivery.refresh_from_db()
    assert (delivery.status, delivery.carrier, DeliveryLine.objects.get().quantity) == ("delivered", "JNE", 3)
    assert "Pak Budi" in client.get(f"/deliveries/{delivery.pk}").content.decode()


def test_a_carrier_form_with_a_wrong_day_is_answered_beside_the_day_and_clears_nothing():
    world = make_world()
    delivery = make_delivery(world)
    client = signed_in(world)
    form = {"carrier": "JNE", "tracking": "JP1", "note": "Rapuh", "planned_date": "2026-12-01"}
    address = f"/deliveries/{delivery.pk}/carrier"
    client.post(address, form)

    wrong = {**form, "carrier": "J&T", "planned_date": "31/02/2027"}
    refused = client.post(address, wrong, headers={"HX-Request": "true"})

    delivery.refresh_from_db()
    assert refused.status_code == 422
    assert json.loads(refused["HX-Trigger"])["refused"]["field"] == "planned_date"
    assert (delivery.carrier, delivery.note, delivery.planned_date) == ("JNE", "Rapuh", date(2026, 12, 1))
    page = client.get(f"/deliveries/{delivery.pk}").content.decode()
    assert '<div class="field" data-field="planned_date">' in page


def test_a_double_click_ships_once():
    world = make_world()
    delivery = make_delivery(world)
    client = signed_in(world)
    form = {"idempotency_key": "one-and-the-same"}

    first = client.post(f"/deliveries/{delivery.pk}/shipment", form)
    second = client.post(f"/deliveries/{delivery.pk}/shipment", form)

    assert (first.status_code, second.status_code) == (303, 303)
    assert StockLevel.objects.get().on_hand == 5


def test_papers_of_a_delivery_are_pdfs():
    world = make_world()
    delivery = make_delivery(world)
    client = signed_in(world)

    for variant in ("", "?variant=pick_list"):
        answer = client.get(f"/paper/delivery/{delivery.pk}.pdf{variant}")
        assert answer.status_code == 200
        assert answer.content[:5] == b"%PDF-"


def test_who_may_not_see_or_ship_is_refused():
    world = make_world()
    delivery = make_delivery(world)
    seller = signed_in(world, "salesperson")

    assert seller.get(f"/deliveries/{delivery.pk}").status_code == 404
    assert seller.post(f"/deliveries/{delivery.pk}/shipment").status_code == 404
    assert seller.get("/stock/receipts/new").status_code == 403
    assert Client().get("/deliveries").status_code == 302
    delivery.refresh_from_db()
    assert delivery.status == "draft"


def test_goods_are_received_adjusted_moved_and_expected_through_the_grid():
    world = make_world()
    coffee = make_product(world)
    client = signed_in(world)
    place = StockLevel.objects.first()
    assert place is None
    here = Warehouse.objects.get(company=world.company)
    there = create_warehouse(
        company_id=world.company.id, branch_id=world.branch.id, code="Z2", name="Dua", by=world.owner, at=NOW
    )
    for path in ("receipts", "adjustments", "transfers", "expected", "counts"):
        assert client.get(f"/stock/{path}/new").status_code == 200
    one = {"product": str(coffee.id), "sku": coffee.sku, "unit": "pcs", "quantity": "12", "price": "70.000"}

    client.post("/stock/receipts/new", {"warehouse": here.pk, "supplier": "PT Kebun", "lines": grid(one)})
    client.post(
        "/stock/adjustments/new",
        {"warehouse": here.pk, "reason": "rusak", "lines": grid({**one, "quantity": "-2", "price": ""})},
    )
    client.post(
        "/stock/transfers/new",
        {"warehouse": here.pk, "target": there.pk, "lines": grid({**one, "quantity": "4", "price": ""})},
    )
    client.post(
        "/stock/expected/new",
        {
            "warehouse": here.pk, "supplier": "PT Kebun", "expected_date": "2026-12-01",
            "lines": grid({**one, "price": ""}),
        },
    )  # fmt: skip

    levels = {level.warehouse_id: level.on_hand for level in StockLevel.objects.all()}
    assert levels == {here.pk: 6, there.pk: 4}
    for path in (
        f"/stock/receipts/{Receipt.objects.get().pk}", f"/stock/adjustments/{Adjustment.objects.get().pk}",
        f"/stock/transfers/{Transfer.objects.get().pk}", f"/stock/expected/{ExpectedReceipt.objects.get().pk}",
        f"/stock/products/{coffee.pk}", f"/settings/warehouses/{here.pk}", "/settings/warehouses/new",
    ):  # fmt: skip
        assert client.get(path).status_code == 200, path
    expected = ExpectedReceipt.objects.get()
    assert client.post(f"/stock/expected/{expected.pk}/receipt").status_code == 303
    assert StockLevel.objects.get(warehouse=here).on_hand == 18


def test_a_refused_line_is_answered_beside_it_and_nothing_typed_is_lost():
    world = make_world()
    coffee = make_product(world, stock=3)
    here = Warehouse.objects.get(company=world.company)
    client = signed_in(world)
    line = {"product": str(coffee.id), "sku": coffee.sku, "unit": "pcs", "quantity": "-5"}

    answer = client.post("/stock/adjustments/new", {"warehouse": here.pk, "reason": "hilang <b>", "lines": grid(line)})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "hilang &lt;b&gt;" in page
    assert "-5" in page
    assert StockLevel.objects.get().on_hand == 3


def test_the_grid_finds_products_and_answers_pasted_codes():
    world = make_world()
    coffee = make_product(world, stock=7)
    client = signed_in(world)

    found = client.get("/stock/grid/products", {"q": coffee.sku}).json()
    body = {"lines": [{"key": "a", "kind": "item", "sku": coffee.sku, "quantity": "2"}, {"key": "b", "sku": "NO"}]}
    seen = client.post("/stock/grid/preview", orjson.dumps(body), content_type="application/json").json()

    assert found[0]["available"] == "7"
    assert seen["lines"]["a"]["product"] == str(coffee.id)
    assert seen["lines"]["b"]["error"]


def test_a_count_is_entered_and_posted_on_its_page():
    world = make_world()
    make_product(world, stock=7)
    here = Warehouse.objects.get(company=world.company)
    count = draft_count(warehouse_id=here.pk, by=world.owner, at=NOW)
    client = signed_in(world)
    assert client.get(f"/stock/counts/{count.pk}").status_code == 200

    client.post(f"/stock/counts/{count.pk}", {f"line-{AdjustmentLine.objects.get().pk}": "6", "version": "1"})
    client.post(f"/stock/counts/{count.pk}/posting")

    assert StockLevel.objects.get().on_hand == 6


def test_expected_goods_cannot_be_absurd_on_the_page():
    world = make_world()
    coffee = make_product(world)
    here = Warehouse.objects.get(company=world.company)
    expected = expect_receipt(
        warehouse_id=here.pk, supplier="PT Kebun", expected_date=date(2026, 12, 1),
        items=[StockItem(Decimal(3), sku=coffee.sku)], by=world.owner, at=NOW,
    )  # fmt: skip
    line = ExpectedReceiptLine.objects.get()
    client = signed_in(world)

    for text in ("abc", "99999999999999", "-1"):
        answer = client.post(
            f"/stock/expected/{expected.pk}/receipt", {f"line-{line.pk}": text},
            headers={"HX-Request": "true"},
        )  # fmt: skip
        assert answer.status_code == 422

    assert not Receipt.objects.exists()
