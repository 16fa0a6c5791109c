"""Formulas through the doors: their form, the list's own page, the API."""

import re
from datetime import time
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from niaga.catalog.models import Category
from niaga.catalog.tests.makers import make_company, make_product, make_user
from niaga.pricing.models import PriceList, PriceListRule
from niaga.pricing.tests.makers import make_price_list
from niaga.pricing.tests.test_prices_api import client_of, send

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def world(client: Client) -> dict[str, Any]:
    company = make_company()
    owner = make_user(company)
    client.force_login(owner)
    food = Category.objects.create(company=company, name="Makanan")
    return {"company": company, "client": client, "food": food, "list": make_price_list(company)}


def test_a_formula_is_written_changed_and_taken_away_by_its_form(world: dict[str, Any]) -> None:
    client, found = world["client"], world["list"]
    page = f"/price-lists/{found.pk}"
    typed = {"basis": "price", "percent": "-7,5", "surcharge": "1.250", "round_to": "500", "round_minus": "1"}

    assert client.get(f"{page}/formulas/new").status_code == 200
    made = client.post(f"{page}/formulas/new", {**typed, "category_id": str(world["food"].pk), "version": "1"})

    rule = PriceListRule.objects.get()
    assert (made.status_code, made["Location"]) == (303, page)
    assert (rule.percent, rule.surcharge, rule.round_to, rule.category_id) == (D("-7.5"), 1250, 500, world["food"].pk)
    shown = client.get(page).content.decode()
    assert "Makanan" in shown
    assert "harga dasar − 7,5" in shown
    form = client.get(f"{page}/formulas/1").content.decode()
    assert 'value="-7,5"' in form
    client.post(f"{page}/formulas/1", {"basis": "cost", "percent": "25", "brand": "Kapal", "version": "2"})
    rule = PriceListRule.objects.get()
    assert (rule.basis, rule.brand, rule.category_id, rule.round_to) == ("cost", "Kapal", None, None)
    gone = client.post(f"{page}/formulas/1/remove", {"version": "3"})
    assert (gone.status_code, PriceListRule.objects.count()) == (303, 0)


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(world: dict[str, Any]) -> None:
    client, found = world["client"], world["list"]
    new = f"/price-lists/{found.pk}/formulas/new"

    for typed, field in (
        ({"basis": "price", "percent": "-200"}, "percent"),
        ({"basis": "price", "percent": "=SUM(A1)"}, "percent"),
        ({"basis": "price", "round_to": "100", "round_minus": "100"}, "round_minus"),
        ({"basis": "price", "round_minus": "1"}, "round_minus"),
        ({"basis": "price", "least_margin": "100"}, "least_margin"),
        ({"basis": f"list:{found.pk}"}, "basis"),
        ({"basis": ""}, "basis"),
    ):
        refused = client.post(new, {**typed, "brand": "<b>Kapal</b>"})
        assert refused.status_code == 422
        assert field in refused.context["form"].errors
        assert "&lt;b&gt;Kapal" in refused.content.decode()
    stale = client.post(new, {"basis": "price", "percent": "-5", "version": "99"})
    assert (stale.status_code, PriceListRule.objects.count()) == (422, 0)


def test_the_form_says_what_some_products_would_cost_by_what_is_typed(world: dict[str, Any]) -> None:
    client, found = world["client"], world["list"]
    for sku, price in (("B-1", 21_200), ("B-2", 10_000)):
        facts = {"name": f"Beras {sku}", "price": D(price), "category_id": world["food"].pk}
        make_product(world["company"].pk, sku=sku, **facts)
    make_product(world["company"].pk, sku="A-1", name="Sabun", price=D(5_000))
    telling = f"/price-lists/{found.pk}/formulas/telling"

    def told(**typed: str) -> str:
        text = client.post(telling, {"basis": "price", **typed}).content.decode()
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).strip()

    in_food = {"category_id": str(world["food"].pk)}
    assert told(**in_food, percent="-8", round_to="500") == (
        "Beras B-1, 1 pcs: Rp 21.200 → Rp 19.500 (-8,0 %) Beras B-2, 1 pcs: Rp 10.000 → Rp 9.000 (-10,0 %)"
    )
    assert "Sabun, 1 pcs: Rp 5.000 → Rp 5.500 (+10,0 %)" in told(percent="10")
    assert told(**in_food).endswith("Beras B-2, 1 pcs: tetap Rp 10.000")
    assert "10 pcs" in told(**in_food, percent="-8", min_quantity="10")
    assert told(brand="Tak ada") == "Belum ada produk di dalamnya."
    assert told(percent="=1+1") == "Di sini tertulis berapa harga beberapa produk menurut rumus ini."
    assert PriceListRule.objects.count() == 0


def test_who_may_not_see_cost_is_told_no_price_that_stands_on_it(world: dict[str, Any]) -> None:
    make_product(world["company"].pk, price=D(20_000), cost=D(9_137))
    telling = f"/price-lists/{world['list'].pk}/formulas/telling"
    on_cost = {"basis": "cost", "percent": "0"}

    def told_to(role: str) -> str:
        client = Client()
        client.force_login(make_user(world["company"], role))
        return client.post(telling, on_cost).content.decode()

    assert "9.137" in told_to("owner")
    assert "9.137" not in told_to("sales_admin")
    assert "9.137" not in told_to("salesperson")


def test_who_may_only_look_sees_formulas_without_what_tells_cost(world: dict[str, Any]) -> None:
    found = world["list"]
    page = f"/price-lists/{found.pk}"
    world["client"].post(f"{page}/formulas/new", {"basis": "cost", "percent": "31", "version": "1"})
    client = Client()
    client.force_login(make_user(world["company"], "salesperson"))

    shown = client.get(page).content.decode()

    assert "dengan rumus dari modal" in shown
    assert "31" not in shown.split("Dengan rumus")[1].split("</section>")[0]
    for path in ("formulas/new", "formulas/1"):
        assert client.get(f"{page}/{path}").status_code == 403
    assert client.post(f"{page}/formulas/1/remove").status_code == 403
    assert PriceListRule.objects.count() == 1


def test_days_and_hours_are_chosen_on_the_lists_form_and_shown(world: dict[str, Any]) -> None:
    client = world["client"]
    facts = {"name": "Sore hemat", "code": "SORE", "currency": "IDR", "priority": "0"}
    hours = {"weekdays": ["0", "1", "2", "3", "4", "6"], "from_time": "14:00", "until_time": "17:30"}

    client.post("/price-lists/new", {**facts, **hours})

    made = PriceList.objects.get(code="SORE")
    assert (made.weekdays, made.from_time, made.until_time) == (0b1011111, time(14), time(17, 30))
    for page in ("/price-lists", f"/price-lists/{made.pk}"):
        assert "Sen–Jum, Min 14.00–17.30" in client.get(page).content.decode()
    form = client.get(f"/price-lists/{made.pk}/edit").content.decode()
    assert len(re.findall(r'name="weekdays"[^>]*checked', form)) == 6
    client.post(f"/price-lists/{made.pk}/edit", {**facts, "version": "1"})
    assert PriceList.objects.get(code="SORE").weekdays == 127
    none = client.post("/price-lists/new", {**facts, "code": "X", "from_time": "10:00", "until_time": "10:00"})
    assert "until_time" in none.context["form"].errors


def test_formulas_go_in_and_out_by_the_api_and_a_clerk_reads_them_without_cost(world: dict[str, Any]) -> None:
    company, found = world["company"], world["list"]
    make_product(company.pk, sku="KOP-1", price=D(98000), cost=D(70000))
    path = f"/price-lists/{found.pk}/rules"
    rules = [{"basis": "cost", "percent": "25", "least_margin": "10"}, {"basis": "price", "brand": "Kapal"}]
    owner, clerk = client_of(company), client_of(company, "sales_admin")

    saved = send(owner, "put", path, {"rules": rules}, **{"If-Match": '"1"'})

    assert (saved.status_code, saved.json()["version"], saved["ETag"]) == (200, 2, '"2"')
    assert saved.json()["rules"][0]["percent"] == "25"
    assert send(owner, "put", path, {"rules": rules}, **{"If-Match": '"1"'}).status_code == 412
    read = send(clerk, "get", path).json()["rules"]
    assert (read[0]["basis"], read[0]["percent"], read[0]["least_margin"]) == ("cost", None, None)
    assert send(clerk, "put", path, {"rules": [{"basis": "cost"}]}).status_code == 403
    bad = send(owner, "put", path, {"rules": [{"basis": "list", "base_list_id": str(found.pk)}]})
    assert (bad.status_code, bad.json()["lines"][0]["field"]) == (422, "base_list_id")
    lines = {"lines": [{"sku": "KOP-1", "quantity": 1}]}
    told = [send(one, "post", "/prices/preview", lines).json()["lines"][0] for one in (owner, clerk)]
    assert [one["unit_price"] for one in told] == ["87500", "87500"]
    assert ["from" in str(one["steps"]) for one in told] == [True, False]
    assert "70000" not in str(told[1])


def test_a_preview_is_asked_for_an_hour(world: dict[str, Any]) -> None:
    company = world["company"]
    coffee = make_product(company.pk, sku="KOP-1", price=D(98000))
    make_price_list(company, {(coffee, 0): 90000}, from_time=time(14), until_time=time(17))
    owner = client_of(company)

    def asked(at: str) -> str:
        body = {"lines": [{"sku": "KOP-1", "quantity": 1}], "at": at}
        return str(send(owner, "post", "/prices/preview", body).json()["lines"][0]["unit_price"])

    zoned = {"code": "Z", "name": "Z", "from_time": "10:00:00+07:00"}
    assert send(owner, "post", "/price-lists", zoned).status_code == 422
    assert [asked("13:59"), asked("14:00"), asked("17:00")] == ["98000", "90000", "98000"]
