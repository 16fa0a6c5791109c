from typing import Any

import pytest
from django.test import Client

from niaga.catalog.tests.makers import AT, make_company, make_product, make_user
from niaga.organization.access import SYSTEM
from niaga.organization.models import Company
from niaga.organization.services.create_token import create_token
from niaga.organization.services.keep_channel import keep_channel

pytestmark = pytest.mark.django_db


def client_of(company: Company, role: str = "owner") -> Client:
    user = make_user(company, role)
    token = create_token(user_id=user.pk, name="test", by=user, at=AT)
    return Client(headers={"Authorization": f"Bearer {token.text}"})


def send(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    return getattr(client, method)(f"/api/v1{path}", body, content_type="application/json", headers=headers)


def test_a_price_list_is_made_filled_and_read() -> None:
    company = make_company()
    client = client_of(company)
    coffee = make_product(company.pk, sku="KOP-1")

    made = send(client, "post", "/price-lists", {"code": "G", "name": "Grosir"})
    path = made["Location"].removeprefix("/api/v1")
    entries = {"entries": [{"sku": "KOP-1", "price": "95000"}, {"sku": "KOP-1", "min_quantity": 100, "price": 92000}]}
    filled = send(client, "put", f"{path}/entries", entries)
    rows = send(client, "get", f"{path}/entries?limit=1").json()

    assert (made.status_code, made.json()["currency"], made["ETag"]) == (201, "IDR", '"1"')
    assert (filled.status_code, filled.json()["added"], filled.json()["version"]) == (200, 2, 2)
    assert [(row["product_id"], row["min_quantity"], row["price"]) for row in rows["items"]] == [
        (str(coffee.pk), "0", "95000")
    ]
    rest = send(client, "get", f"{path}/entries?limit=1&cursor={rows['next_cursor']}").json()
    assert [row["min_quantity"] for row in rest["items"]] == ["100"]
    assert send(client, "put", f"{path}/entries", entries, **{"If-Match": '"1"'}).status_code == 412


def test_a_preview_takes_the_list_of_a_channel_only_for_what_comes_in_by_it() -> None:
    company = make_company()
    client = client_of(company)
    coffee = make_product(company.pk, sku="KOP-1", price=98000)
    shop = str(keep_channel(company_id=company.pk, name="Toko online", code="ON", by=SYSTEM, at=AT))
    made = send(client, "post", "/price-lists", {"code": "ON", "name": "Online", "channel_id": shop})
    path = made["Location"].removeprefix("/api/v1")
    send(client, "put", f"{path}/entries", {"entries": [{"sku": "KOP-1", "price": "90000"}]})
    lines = [{"sku": "KOP-1", "quantity": 1}]

    plain = send(client, "post", "/prices/preview", {"lines": lines}).json()
    online = send(client, "post", "/prices/preview", {"lines": lines, "channel_id": shop}).json()
    unknown = send(client, "post", "/prices/preview", {"lines": lines, "channel_id": str(coffee.pk)})

    assert made.json()["channel_id"] == shop
    assert [one["lines"][0]["unit_price"] for one in (plain, online)] == ["98000", "90000"]
    assert (unknown.status_code, unknown.json()["field"]) == (404, "channel_id")
    assert send(client, "patch", path, {"channel_id": None}).json()["channel_id"] is None


def test_only_what_is_named_changes_and_an_archived_list_comes_back() -> None:
    client = client_of(make_company())
    path = send(client, "post", "/price-lists", {"code": "G", "name": "Grosir"})["Location"].removeprefix("/api/v1")

    changed = send(client, "patch", path, {"priority": 5, "valid_to": "2026-12-31"})
    refused = send(client, "patch", path, {"name": None})
    archived = send(client, "put", f"{path}/archive")
    without = send(client, "get", "/price-lists").json()["items"]
    kept = send(client, "get", "/price-lists?archived=true").json()["items"]
    restored = send(client, "delete", f"{path}/archive")

    assert (changed.json()["name"], changed.json()["priority"]) == ("Grosir", 5)
    assert (refused.status_code, archived.status_code, restored.status_code) == (422, 200, 200)
    assert (without, len(kept)) == ([], 1)
    assert len(send(client, "get", "/price-lists").json()["items"]) == 1


def test_bad_entries_are_answered_line_by_line() -> None:
    client = client_of(make_company())
    path = send(client, "post", "/price-lists", {"code": "G", "name": "Grosir"})["Location"].removeprefix("/api/v1")

    refused = send(client, "put", f"{path}/entries", {"entries": [{"sku": "NONE", "price": 1}]})

    assert (refused.status_code, refused.json()["code"]) == (422, "bad_prices")
    assert refused.json()["lines"][0]["line"] == 1
    assert send(client, "put", f"{path}/entries", {"entries": [{"sku": "NONE", "price": "NaN"}]}).status_code == 422


def test_a_preview_shows_the_price_and_margin_only_to_who_may_see_cost() -> None:
    company = make_company()
    make_product(company.pk, sku="KOP-1", price=100277, cost=60000)
    body = {"lines": [{"sku": "KOP-1", "quantity": 1}], "on": "2026-11-24"}

    seen = {role: send(client_of(company, role), "post", "/prices/preview", body) for role in ("owner", "salesperson")}

    owner, salesperson = seen["owner"].json(), seen["salesperson"].json()
    assert (owner["net"], owner["tax"], owner["total"]) == ("100277", "11031", "111308")
    assert (owner["margin"], salesperson["margin"], salesperson["lines"][0]["margin"]) == ("40277", None, None)
    assert owner["lines"][0]["why"][0]["text"].endswith("100.277")
    assert "unit_cost" not in seen["salesperson"].content.decode()


def test_a_salesperson_makes_no_price_lists() -> None:
    client = client_of(make_company(), "salesperson")

    assert send(client, "post", "/price-lists", {"code": "G", "name": "Grosir"}).status_code == 403


def test_a_list_says_over_the_api_whether_its_prices_hold_the_tax_and_a_preview_turns_them() -> None:
    company = make_company()
    client = client_of(company)
    coffee = make_product(company.pk, sku="KOP-1")
    line = {"lines": [{"product_id": str(coffee.pk), "quantity": 1}]}

    made = send(client, "post", "/price-lists", {"code": "E", "name": "Eceran", "prices_include_tax": True})
    path = made["Location"].removeprefix("/api/v1")
    send(client, "put", f"{path}/entries", {"entries": [{"sku": "KOP-1", "price": "111000"}]})
    with_tax = send(client, "post", "/prices/preview", line).json()["lines"][0]
    changed = send(client, "patch", path, {"prices_include_tax": None}, **{"If-Match": '"2"'})
    as_company = send(client, "post", "/prices/preview", line).json()["lines"][0]

    assert (made.status_code, made.json()["prices_include_tax"]) == (201, True)
    assert (with_tax["unit_price"], with_tax["tax"], with_tax["total"]) == ("100000", "11000", "111000")
    assert "tax_taken_out" in [step["code"] for step in with_tax["steps"]]
    assert (changed.status_code, changed.json()["prices_include_tax"]) == (200, None)
    assert as_company["unit_price"] == "111000"
