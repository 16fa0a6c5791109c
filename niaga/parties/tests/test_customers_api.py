from typing import Any

import pytest
from django.test import Client

from niaga.organization.models import Company
from niaga.organization.services.create_token import create_token
from niaga.parties.models import CustomerGroup, PaymentTerm
from niaga.parties.tests.makers import AT, make_company, make_customer, make_user

pytestmark = pytest.mark.django_db


def _client(company: Company, role: str = "owner") -> Client:
    user = make_user(company, role)
    token = create_token(user_id=user.pk, name="test", by=user, at=AT)
    return Client(headers={"Authorization": f"Bearer {token.text}"})


def _send(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    return getattr(client, method)(f"/api/v1{path}", body, content_type="application/json", headers=headers)


def test_a_customer_is_made_from_a_name_and_read_again() -> None:
    client = _client(make_company())

    made = _send(client, "post", "/customers", {"name": "Toko Makmur"})

    assert (made.status_code, made.json()["code"], made["ETag"]) == (201, "C-00001", '"1"')
    assert made.json()["credit"] == {
        "currency": "IDR", "limit": None, "own_limit": None, "overdue_days": None, "raised": "0",
        "raised_until": None, "on_hold": False, "orders": "0", "invoices": "0", "advances": "0", "exposure": "0",
        "available": None,
    }  # fmt: skip
    assert client.get(made["Location"]).json() == made.json()


def test_a_change_needs_the_version_that_was_seen() -> None:
    client = _client(make_company())
    path = _send(client, "post", "/customers", {"name": "Toko Makmur"})["Location"].removeprefix("/api/v1")

    changed = _send(client, "patch", path, {"phone": "0812 3456 7890"}, **{"If-Match": '"1"'})
    stale = _send(client, "patch", path, {"phone": "0812 3456 7891"}, **{"If-Match": '"1"'})

    assert (changed.status_code, changed.json()["phone"], changed["ETag"]) == (200, "+6281234567890", '"2"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")


def test_refusals_are_problems() -> None:
    company = make_company()
    client = _client(company)
    make_customer(company.pk, code="A")

    cases = [
        (_send(client, "post", "/customers", {"name": ""}), 422, "invalid"),
        (_send(client, "post", "/customers", {"name": "B", "nama": "C"}), 422, "invalid"),
        (_send(client, "post", "/customers", {"name": "B", "tax_id": "12"}), 422, "invalid"),
        (_send(client, "post", "/customers", {"name": "B", "code": "A"}), 409, "code_taken"),
        (_send(client, "get", "/customers/01890000-0000-7000-8000-000000000000"), 404, "not_found"),
        (_send(Client(), "get", "/customers"), 401, "not_authenticated"),
        (_send(_client(company, "warehouse"), "post", "/customers", {"name": "B"}), 403, "forbidden"),
    ]

    for answer, status, code in cases:
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
        assert answer.json()["code"] == code


def test_a_list_is_paged_and_filtered(django_assert_max_num_queries: Any) -> None:
    company = make_company()
    client = _client(company)
    group = CustomerGroup.objects.filter(company=company).first()
    for n in range(5):
        make_customer(company.pk, name=f"Toko {n}", group_id=group.pk if n < 3 else None)  # type: ignore[union-attr]

    with django_assert_max_num_queries(4):
        first = _send(client, "get", "/customers?limit=3").json()
    second = _send(client, "get", f"/customers?limit=3&cursor={first['next_cursor']}").json()
    grouped = _send(client, "get", f"/customers?group_id={group.pk}&q=toko").json()  # type: ignore[union-attr]

    assert [row["name"] for row in first["items"] + second["items"]] == [f"Toko {n}" for n in range(5)]
    assert second["next_cursor"] is None
    assert len(grouped["items"]) == 3


def test_people_places_credit_consent_and_notes_have_their_own_addresses() -> None:
    client = _client(make_company())
    path = _send(client, "post", "/customers", {"name": "Toko"})["Location"].removeprefix("/api/v1")

    contact = _send(client, "post", f"{path}/contacts", {"name": "Sri"}).json()
    address = _send(client, "post", f"{path}/addresses", {"city": "Malang"}).json()
    _send(client, "patch", f"{path}/contacts/{contact['id']}", {"name": "Sri W.", "role": "Pembelian"})
    _send(client, "put", f"{path}/credit", {"limit": "5000000", "on_hold": True})
    _send(client, "post", f"{path}/consents", {"purpose": "marketing_email", "given": True})
    _send(client, "post", f"{path}/notes", {"text": "Suka kopi"})

    shown = client.get(f"/api/v1{path}").json()
    assert [(item["name"], item["role"], item["is_main"]) for item in shown["contacts"]] == [
        ("Sri W.", "Pembelian", True)
    ]
    assert [item["id"] for item in shown["addresses"]] == [address["id"]]
    assert (shown["credit"]["limit"], shown["credit"]["on_hold"]) == ("5000000", True)
    kinds = [row["kind"] for row in client.get(f"/api/v1{path}/timeline").json()["items"]]
    assert sorted(kinds) == ["consent.given", "credit.held", "customer.created", "note"]
    assert _send(client, "delete", f"{path}/addresses/{address['id']}").status_code == 204
    assert client.get(f"/api/v1{path}").json()["addresses"] == []


def test_terms_are_set_through_the_api() -> None:
    company = make_company()
    client = _client(company)
    body = {
        "code": "3X",
        "name": "Tiga kali",
        "parts": [{"percent": 50}, {"percent": "30", "days": 30}, {"percent": 20, "days": 60}],
    }

    made = _send(client, "post", "/payment-terms", body)
    bad = _send(client, "post", "/payment-terms", {**body, "code": "X", "parts": [{"percent": 50}]})

    assert [part["percent"] for part in made.json()["parts"]] == ["50", "30", "20"]
    assert (bad.status_code, bad.json()["field"]) == (422, "parts")
    assert PaymentTerm.objects.filter(company=company).count() == 7
