from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from niaga.catalog.tests.makers import AT, make_company, make_product, make_user
from niaga.organization.models import Company
from niaga.organization.services.create_token import create_token

pytestmark = pytest.mark.django_db


def _client(company: Company, role: str = "owner") -> Client:
    user = make_user(company, role)
    token = create_token(user_id=user.pk, name="test", by=user, at=AT)
    return Client(headers={"Authorization": f"Bearer {token.text}"})


def _send(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    return getattr(client, method)(f"/api/v1{path}", body, content_type="application/json", headers=headers)


def test_a_product_is_made_from_sku_name_and_price() -> None:
    client = _client(make_company())

    made = _send(client, "post", "/products", {"sku": "KOP-1", "name": "Kopi", "price": 98000.5, "unit": "kg"})

    shown = made.json()
    assert (made.status_code, shown["sku"], shown["price"], shown["unit"]) == (201, "KOP-1", "98000.5", "kg")
    assert (shown["tax_category"], shown["kind"], made["ETag"]) == ("general", "goods", '"1"')
    assert client.get(made["Location"]).json() == shown


def test_units_and_bar_codes_come_with_it_and_are_replaced() -> None:
    client = _client(make_company())
    body = {
        "name": "Kopi", "price": "1",
        "units": [{"unit": "box", "factor": 12, "price": "11.5"}],
        "barcodes": [{"code": "8992388133345"}, {"code": "DUS-1", "unit": "box"}],
    }  # fmt: skip
    path = _send(client, "post", "/products", body)["Location"].removeprefix("/api/v1")

    found = _send(client, "get", "/products?barcode=DUS-1").json()["items"]
    changed = _send(client, "patch", path, {"barcodes": []}, **{"If-Match": '"1"'}).json()

    assert [row["name"] for row in found] == ["Kopi"]
    assert (changed["barcodes"], changed["units"]) == (
        [],
        [{"unit": "box", "factor": "12", "price": "11.5", "weight": None, "volume": None}],
    )
    bad = _send(client, "patch", path, {"barcodes": [{"code": "8992388133346"}]})
    assert (bad.status_code, bad.json()["field"]) == (422, "barcodes.0.code")


def test_costs_are_for_those_who_may_see_them() -> None:
    company = make_company()
    product = make_product(company.pk, cost=80_000)

    seen = _send(_client(company), "get", f"/products/{product.pk}").json()
    hidden = _send(_client(company, "salesperson"), "get", f"/products/{product.pk}").json()

    assert (seen["cost"], hidden["cost"]) == ("80000", None)


def test_a_category_shows_what_is_below_it() -> None:
    company = make_company()
    client = _client(company)
    food = _send(client, "post", "/product-categories", {"name": "Makanan"}).json()
    rice = _send(client, "post", "/product-categories", {"name": "Beras", "parent_id": food["id"]}).json()
    make_product(company.pk, name="Beras premium", category_id=UUID(rice["id"]))
    make_product(company.pk, name="Sabun")

    rows = _send(client, "get", f"/products?category_id={food['id']}").json()["items"]

    assert [row["name"] for row in rows] == ["Beras premium"]


def test_settings_are_kept_through_the_api() -> None:
    client = _client(make_company())

    unit = _send(client, "post", "/units", {"code": "sak", "name": "Sak"})
    again = _send(client, "post", "/units", {"code": "sak", "name": "Sak"})
    tax = _send(client, "post", "/tax-categories", {
        "code": "books", "name": "Buku",
        "rates": [{"valid_from": "2020-01-01", "transaction_code": "08", "percent": 0}],
    })  # fmt: skip

    assert (unit.status_code, again.status_code, again.json()["code"]) == (201, 409, "code_taken")
    assert tax.json()["rates"][0]["percent"] == "0"
    assert len(_send(client, "get", "/tax-categories").json()["items"]) == 5
