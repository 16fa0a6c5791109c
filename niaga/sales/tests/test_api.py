"""The further verbs, as a program meets them."""

import json
from decimal import Decimal
from typing import Any

import pytest

from niaga.sales.models import Quotation, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from tests.api import Api
from tests.makers import make_confirmed_order, make_customer, make_order, make_product, make_quotation, make_world

pytestmark = pytest.mark.django_db


def test_a_quotation_is_changed_sent_revised_declined_copied_and_cancelled():
    world = make_world()
    product = make_product(world)
    quotation = make_quotation(world, [LineInput(product_id=product.id)], customer=make_customer(world))
    api = Api(world.owner)
    path = f"quotations/{quotation.id}"
    line_id = str(quotation.lines.get().id)
    change = {
        "customer_id": str(quotation.customer_id), "note": "Franko",
        "lines": [{"id": line_id, "product_id": str(product.id), "quantity": 4}],
    }  # fmt: skip

    changed = api.send("put", path, change, **{"If-Match": '"1"'})
    stale = api.send("put", path, change, **{"If-Match": '"1"'})
    sent = api.send("post", f"{path}/sending", {"to": ["sari@example.com"]})
    link = api.send("post", f"{path}/links")
    versions = api.client.get(f"/api/v1/{path}/versions")
    declined = api.send("post", f"{path}/decline", {"reason": "Mahal"})
    revised = api.send("post", f"{path}/revision")
    copy = api.send("post", f"{path}/copies")
    gone = api.send("post", f"{path}/cancellation", {"reason": "Batal"})

    assert (changed.status_code, changed.json()["net"], changed["ETag"]) == (200, "400000", '"2"')
    assert changed.json()["lines"][0]["id"] == line_id
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    assert (sent.status_code, sent.json()["status"]) == (200, "sent")
    assert (link.status_code, "/l/" in link.json()["url"]) == (201, True)
    assert [one["offer_version"] for one in versions.json()["items"]] == [1]
    assert [one.json()["status"] for one in (declined, revised, gone)] == ["declined", "draft", "cancelled"]
    assert (copy.status_code, copy.json()["status"], copy.json()["net"]) == (201, "draft", "400000")


def test_templates_are_kept_listed_used_and_taken_away():
    world = make_world()
    product = make_product(world)
    quotation = make_quotation(world, [LineInput(product_id=product.id, quantity=Decimal(3))])
    api = Api(world.owner)

    kept = api.send("post", "quotation-templates", {"quotation_id": str(quotation.id), "name": "Grosir"})
    listed = api.client.get("/api/v1/quotation-templates").json()["items"]
    template = kept.json()["id"]
    body = {"customer_id": str(make_customer(world).id)}
    drafted = api.send("post", f"quotation-templates/{template}/quotations", body)
    gone = api.send("put", f"quotation-templates/{template}/archive")
    without = api.client.get("/api/v1/quotation-templates").json()["items"]
    archived = api.client.get("/api/v1/quotation-templates?archived=true").json()["items"]
    back = api.send("delete", f"quotation-templates/{template}/archive")

    assert [one["name"] for one in listed] == ["Grosir"]
    assert (drafted.status_code, drafted.json()["net"]) == (201, "300000")
    assert (gone.status_code, back.status_code) == (200, 200)
    assert (without, [one["name"] for one in archived]) == ([], ["Grosir"])
    assert [one["name"] for one in api.client.get("/api/v1/quotation-templates").json()["items"]] == ["Grosir"]


def test_an_order_is_changed_split_and_cancelled():
    world = make_world()
    product = make_product(world, stock=5)
    order = make_order(world, [LineInput(product_id=product.id, quantity=Decimal(2))])
    api = Api(world.owner)
    path = f"orders/{order.id}"
    line_id = str(SalesOrderLine.objects.get(order=order).id)

    lines = [{"id": line_id, "product_id": str(product.id), "quantity": 6}]
    changed = api.send("put", path, {"lines": lines, "planned_date": "2027-01-04"})
    split = api.send("post", f"{path}/splits", {"line_id": line_id, "quantity": 4})
    type(product).objects.filter(pk=product.pk).update(price=Decimal(120_000))
    priced = api.send("post", f"{path}/prices")
    cancelled = api.send("post", f"{path}/cancellation", {"reason": "Batal"})

    assert (changed.status_code, changed.json()["net"], changed.json()["planned_date"]) == (200, "600000", "2027-01-04")
    assert [line["quantity"] for line in split.json()["lines"]] == ["4", "2"]
    assert priced.json()["net"] == "720000"
    assert cancelled.json()["status"] == "cancelled"


def test_a_confirmed_order_is_amended_and_its_refusals_are_named_line_by_line():
    world = make_world()
    product = make_product(world, stock=5)
    order = make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(2))])
    api = Api(world.owner)
    path = f"orders/{order.id}"
    line = {"id": str(SalesOrderLine.objects.get(order=order).id), "product_id": str(product.id)}

    amended = api.send("post", f"{path}/amendments", {"lines": [{**line, "quantity": 4}], "reason": "Tambah"})
    short = api.send("post", f"{path}/amendments", {"lines": [{**line, "quantity": 9}]})
    nothing = api.send("post", f"{path}/holds")
    rest = api.send("post", f"{path}/rest-cancellation")
    closed = api.send("post", f"{path}/closure")

    assert (amended.status_code, amended.json()["net"]) == (200, "400000")
    assert (short.status_code, short.json()["code"], short.json()["lines"][0]["line"]) == (409, "out_of_stock", 1)
    refusals = [one.json()["code"] for one in (nothing, rest, closed)]
    assert refusals == ["nothing_waiting", "nothing_started", "not_done"]


def test_a_figure_is_read_to_its_last_digit_and_what_is_no_figure_is_refused():
    world = make_world()
    product = make_product(world)
    api = Api(world.owner)
    body = {"customer_id": str(make_customer(world).id)}
    line = '"lines": [{"product_id": "%s", "quantity": %s, "unit_price": %s}]'

    def post(quantity: str, price: str) -> Any:
        text = json.dumps(body)[:-1] + ", " + line % (product.id, quantity, price) + "}"
        return api.client.post("/api/v1/quotations", text, content_type="application/json")

    exact = post("1", "1234567890.123457")
    refused = [post(quantity, "1").status_code for quantity in ("NaN", "Infinity", "1e400", "{")]

    assert (exact.status_code, exact.json()["lines"][0]["unit_price"]) == (201, "1234567890.123457")
    assert all(status in (400, 422) for status in refused)
    assert Quotation.objects.count() == 1
