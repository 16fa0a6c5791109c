"""Returns on pages and through the API."""

from decimal import Decimal

import pytest

from niaga.catalog.models import Barcode
from niaga.returns.models import Return, ReturnLine, ReturnReason, ReturnRule
from niaga.returns.tests.shop import make_return, make_sold_order, reason, take_in
from niaga.sales.rules.lines import LineInput
from tests.api import Api
from tests.makers import make_bundle, make_product, make_world, signed_in

pytestmark = pytest.mark.django_db


def test_a_return_goes_its_whole_way_on_pages() -> None:
    world = make_world()
    coffee = make_product(world, stock=5)
    order = make_sold_order(world, [LineInput(sku=coffee.sku, quantity=Decimal(5))])
    browser, line = signed_in(world), order.lines.get()
    Barcode.objects.create(company=world.company, product=coffee, unit=coffee.unit, code="8991234567890")

    asked = browser.post(
        f"/returns/new?order={order.id}", {f"line-{line.id}": "3", f"reason-{line.id}": str(reason(world).id)}
    )
    rma = Return.objects.get()
    assert (asked.status_code, asked["Location"]) == (303, f"/returns/{rma.id}")
    browser.post(f"/returns/{rma.id}/authorization", {"note": "Baik"})
    row = ReturnLine.objects.get()
    counted = browser.post(f"/returns/{rma.id}/counting", {"code": "8991234567890", f"line-{row.id}": "1"})
    assert f'name="line-{row.id}" value="2"' in counted.content.decode()
    too_many = browser.post(f"/returns/{rma.id}/receipt", {f"line-{row.id}": "4"})
    assert too_many.status_code == 422
    browser.post(f"/returns/{rma.id}/receipt", {f"line-{row.id}": "2", "is_last": "1", "unannounced": "<b>gula</b>"})
    browser.post(f"/returns/{rma.id}/inspection", {f"restock-{row.id}": "1", f"scrap-{row.id}": "1"})
    browser.post(f"/returns/{rma.id}/settlement", {"way": "credit"})
    page = browser.get(f"/returns/{rma.id}").content.decode()

    assert Return.objects.get().status == "settled"
    assert "CN-2026-" in page
    assert "&lt;b&gt;gula" in page
    assert "222.000" in page


def test_the_menu_of_an_order_and_of_its_invoice_leads_to_a_return() -> None:
    world = make_world()
    order = make_sold_order(world, [LineInput(sku=make_product(world, stock=5).sku, quantity=Decimal(5))])
    browser = signed_in(world)
    invoice_id = order.lines.get().invoices.get().invoice_line.invoice_id

    assert f"/returns/new?order={order.id}" in browser.get(f"/orders/{order.id}").content.decode()
    assert f"/returns/new?invoice={invoice_id}" in browser.get(f"/invoices/{invoice_id}").content.decode()
    assert order.number in browser.get(f"/returns/new?invoice={invoice_id}").content.decode()


def test_what_was_typed_stays_when_more_is_named_than_left() -> None:
    world = make_world()
    order = make_sold_order(world, [LineInput(sku=make_product(world, stock=5).sku, quantity=Decimal(5))])
    line = order.lines.get()

    answer = signed_in(world).post(
        f"/returns/new?order={order.id}",
        {f"line-{line.id}": "6", f"reason-{line.id}": str(reason(world).id), "asked_by": "Ibu Sari"},
    )

    assert answer.status_code == 422
    assert 'value="6"' in answer.content.decode()
    assert "Ibu Sari" in answer.content.decode()
    assert not Return.objects.exists()


def test_a_part_of_a_bundle_is_named_on_its_own_line() -> None:
    world = make_world()
    cup = make_product(world, stock=10)
    order = make_sold_order(world, [LineInput(sku=make_bundle(world, {cup.id: 2}).sku, quantity=Decimal(2))])
    key = f"{order.lines.get().id}.{cup.id}"

    signed_in(world).post(
        f"/returns/new?order={order.id}", {f"line-{key}": "3", f"reason-{key}": str(reason(world).id)}
    )
    row = ReturnLine.objects.get()

    assert (row.product_id, row.quantity, row.part_each) == (cup.id, 3, 2)


def test_policy_and_reasons_are_set_on_pages() -> None:
    world = make_world()
    browser = signed_in(world)

    browser.post("/settings/returns/rules/new", {"name": "Dua minggu", "days": "14", "conditions": ["unopened"]})
    browser.post(
        "/settings/returns/reasons/new",
        {"code": "basi", "name_id": "Basi", "name_en": "Stale", "fault": "ours", "fee_percent": "2,5"},
    )
    rule, stale = ReturnRule.objects.get(), ReturnReason.objects.get(code="BASI")
    page = browser.get("/settings/returns").content.decode()

    assert (rule.days, rule.conditions, stale.fee_percent) == (14, ["unopened"], Decimal("2.5"))
    assert "Dua minggu" in page
    browser.post(f"/settings/returns/rules/{rule.id}/removal")
    assert not ReturnRule.objects.exists()


def test_rates_stand_beside_what_was_shipped() -> None:
    world = make_world()
    order = make_sold_order(world, [LineInput(sku=make_product(world, stock=8).sku, quantity=Decimal(8))])
    take_in(world, make_return(world, order, 2))
    browser = signed_in(world)

    for way in ("product", "customer"):
        page = browser.get(f"/returns/rates?by={way}&since=2026-11-01&until=2026-11-30").content.decode()
        assert "<b>25" in page
    assert "<b>100" in browser.get("/returns/rates?by=reason&since=2026-11-01&until=2026-11-30").content.decode()


def test_the_api_does_what_the_pages_do() -> None:
    world = make_world()
    order = make_sold_order(world, [LineInput(sku=make_product(world, stock=5).sku, quantity=Decimal(5))])
    api, line = Api(world.owner), order.lines.get()
    body = {"order_id": str(order.id), "lines": [
        {"order_line_id": str(line.id), "reason_id": str(reason(world).id), "quantity": "2"}
    ]}  # fmt: skip

    asked = api.post("returns", body)
    address = f"returns/{asked.json()['id']}"
    (row,) = asked.json()["lines"]
    api.post(f"{address}/authorization")
    api.post(f"{address}/receipts", {"lines": [{"line_id": row["id"], "quantity": "2"}]})
    api.post(f"{address}/inspections", {"lines": [{"line_id": row["id"], "outcome": "restock", "quantity": "2"}]})
    settled = api.post(f"{address}/settlement").json()

    assert asked.status_code == 201
    assert (settled["status"], settled["way"], len(settled["credit_note_ids"])) == ("settled", "credit", 1)
    assert settled["lines"][0]["restocked"] == "2"
    assert api.get(f"returns?order_id={order.id}").json()["items"][0]["id"] == settled["id"]
    assert api.post("returns", {**body, "lines": [{**body["lines"][0], "quantity": "9"}]}).status_code == 422


def test_a_reason_is_named_in_both_languages_by_the_api() -> None:
    world = make_world()
    api = Api(world.owner)
    body = {"code": "BASI", "indonesian": "Basi", "english": "Stale", "fee_percent": "5"}

    made = api.post("return-reasons", body).json()
    changed = api.send("put", f"return-reasons/{made['id']}", {**body, "english": "Gone off"}).json()

    assert (changed["indonesian"], changed["english"], changed["fee_percent"]) == ("Basi", "Gone off", "5")
