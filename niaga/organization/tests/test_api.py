"""The company, its people and tokens through the API."""

from datetime import timedelta

import pytest

from niaga.organization.services.create_token import create_token
from niaga.organization.tests.makers import AT, make_branch, make_company, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return make_company(name="PT Nusa", code="NUSA")


def call(client, person, path, method="get", scopes=("read", "write"), **options):
    token = create_token(user_id=person.id, name="t", scopes=scopes, by=person, at=AT, days=3650)
    return getattr(client, method)(f"/api/v1{path}", HTTP_AUTHORIZATION=f"Bearer {token.text}", **options)


def test_the_company_answers_with_its_setting_of_today(client, company):
    answer = call(client, make_user(company, "salesperson"), "/company")

    facts = answer.json()
    assert answer.status_code == 200
    assert (facts["code"], facts["currency"], facts["fiscal"]["charges_tax"]) == ("NUSA", "IDR", True)
    assert facts["fiscal"]["round_total_to"] == "0"


def test_branches_are_paged_by_code(client, company):
    make_branch(company, code="SBY", name="Surabaya")
    person = make_user(company)

    first = call(client, person, "/branches?limit=1").json()
    second = call(client, person, f"/branches?limit=1&cursor={first['next_cursor']}").json()

    assert [row["code"] for row in first["items"] + second["items"]] == ["HO", "SBY"]
    assert second["next_cursor"] is None


def test_people_of_ones_own_company_are_read(client, company):
    owner = make_user(company)
    stranger = make_user(make_company())

    listed = call(client, owner, "/users").json()["items"]
    me = call(client, owner, "/users/me").json()

    assert [row["id"] for row in listed] == [str(owner.id)]
    assert (me["id"], me["roles"][0]["role"]) == (str(owner.id), "owner")
    assert call(client, owner, f"/users/{stranger.id}").status_code == 404
    assert "password" not in str(listed)


def test_a_cashier_reads_no_people_but_themselves(client, company):
    cashier = make_user(company, "cashier")

    assert call(client, cashier, "/users").status_code == 403
    assert call(client, cashier, "/users/me").status_code == 200


def test_tokens_are_listed_without_their_text_and_revoked(client, company):
    person = make_user(company)
    token = create_token(user_id=person.id, name="shop", by=person, at=AT, days=3650)

    listed = call(client, person, "/tokens")
    gone = call(client, person, f"/tokens/{token.id}", "delete")

    assert token.text not in listed.content.decode()
    assert gone.status_code == 204
    refused = client.get("/api/v1/users/me", HTTP_AUTHORIZATION=f"Bearer {token.text}")
    assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")
    assert refused["Content-Type"] == "application/problem+json"


def test_a_reading_token_does_not_write(client, company):
    person = make_user(company)
    token = create_token(user_id=person.id, name="shop", by=person, at=AT)

    answer = call(client, person, f"/tokens/{token.id}", "delete", scopes=("read",))

    assert (answer.status_code, answer.json()["code"]) == (403, "read_only_token")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Bearer niaga_" + "é" * 20])
def test_without_a_good_token_nothing_is_said(client, company, header):
    answer = client.get("/api/v1/company", HTTP_AUTHORIZATION=header)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


JSON = {"content_type": "application/json"}


def test_the_companys_profile_is_changed_and_its_currency_is_not(client, company):
    owner = make_user(company)

    changed = call(client, owner, "/company", "patch", data={"city": "Malang", "npwp": "0013121660091000"}, **JSON)
    pictures = call(client, owner, "/company", "patch", data={"pictures_on_quotations": True}, **JSON)
    currency = call(client, owner, "/company", "patch", data={"currency": "USD"}, **JSON)
    seller = call(client, make_user(company, "salesperson"), "/company", "patch", data={"city": "Batu"}, **JSON)

    assert (changed.json()["city"], changed.json()["npwp"]) == ("Malang", "0013121660091000")
    assert (changed.json()["pictures_on_quotations"], pictures.json()["pictures_on_quotations"]) == (False, True)
    assert (currency.status_code, seller.status_code) == (422, 403)
    company.refresh_from_db()
    assert (company.city, company.currency) == ("Malang", "IDR")


def test_tax_and_rounding_are_set_from_a_day_on(client, company):
    owner = make_user(company)
    body = {"charges_tax": False, "prices_include_tax": True, "round_total_to": 100}

    put = call(client, owner, "/fiscal-settings/2027-01-01", "put", data=body, **JSON)
    odd = call(client, owner, "/fiscal-settings/2027-02-01", "put", data={**body, "round_total_to": 7}, **JSON)
    listed = call(client, owner, "/fiscal-settings").json()["items"]

    assert (put.json()["valid_from"], put.json()["round_total_to"]) == ("2027-01-01", "100")
    assert (odd.status_code, odd.json()["field"]) == (422, "round_total_to")
    assert listed[0]["valid_from"] == "2027-01-01"
    assert len(listed) == 2


def test_bank_accounts_are_kept_and_those_of_another_company_are_not_there(client, company):
    owner, stranger = make_user(company), make_user(make_company())
    body = {"bank": "BCA", "number": "8290011234", "holder": "PT Nusa"}

    made = call(client, owner, "/bank-accounts", "post", data=body, **JSON)
    path = f"/bank-accounts/{made.json()['id']}"
    moved = call(client, owner, path, "put", data={**body, "number": "829-0099"}, **JSON)

    assert (made.status_code, made["Location"]) == (201, f"/api/v1{path}")
    assert moved.json()["number"] == "829-0099"
    assert call(client, owner, f"{path}/archive", "put").json()["archived_at"] is not None
    assert call(client, owner, f"{path}/archive", "delete").json()["archived_at"] is None
    for method, address in (("get", path), ("put", f"{path}/archive")):
        assert call(client, stranger, address, method).status_code == 404


@pytest.mark.parametrize(
    ("many", "body", "change"),
    [
        ("teams", {"name": "Timur"}, {"name": "Timur Laut"}),
        ("territories", {"name": "Jatim", "code": "35"}, {"name": "Jawa Timur", "code": "35"}),
        ("channels", {"code": "TELE", "name": "Telepon"}, {"code": "TELE", "name": "Telesales"}),
        ("branches", {"code": "MLG", "name": "Malang"}, None),
    ],
)
def test_places_are_made_changed_and_put_away_by_who_manages_settings(client, company, many, body, change):
    owner, seller, stranger = make_user(company), make_user(company, "salesperson"), make_user(make_company())

    made = call(client, owner, f"/{many}", "post", data=body, **JSON)
    path = f"/{many}/{made.json()['id']}"
    method, values = ("put", change) if change else ("patch", {"name": "Malang Kota"})
    changed = call(client, owner, path, method, data=values, **JSON)
    refused = call(client, seller, path, method, data=values, **JSON)

    assert (made.status_code, made["Location"]) == (201, f"/api/v1{path}")
    assert {name: changed.json()[name] for name in values} == values
    assert (refused.status_code, call(client, seller, path).status_code) == (403, 200)
    assert call(client, stranger, path).status_code == 404
    assert call(client, owner, f"{path}/archive", "put").json().get("archived_at", True)
    assert made.json()["id"] not in [row["id"] for row in call(client, owner, f"/{many}").json()["items"]]
    assert made.json()["id"] in [row["id"] for row in call(client, owner, f"/{many}?archived=true").json()["items"]]


def test_a_person_is_added_given_roles_and_shut_out(client, company):
    owner = make_user(company)
    body = {"username": "sari", "name": "Ibu Sari", "role": "salesperson", "email": "sari@example.com"}

    made = call(client, owner, "/users", "post", data=body, **JSON)
    path = f"/users/{made.json()['id']}"
    given = call(client, owner, f"{path}/roles", "post", data={"role": "cashier"}, **JSON)
    taken = call(client, owner, f"{path}/roles/salesperson", "delete")
    out = call(client, owner, path, "patch", data={"is_active": False, "phone": "0812"}, **JSON)
    refused = call(client, make_user(company, "sales_admin"), "/users", "post", data=body, **JSON)
    last = call(client, owner, f"/users/{owner.id}/roles/owner", "delete")

    assert (made.status_code, [one["role"] for one in made.json()["roles"]]) == (201, ["salesperson"])
    assert sorted(one["role"] for one in given.json()["roles"]) == ["cashier", "salesperson"]
    assert taken.status_code == 204
    assert (out.json()["is_active"], out.json()["phone"]) == (False, "0812")
    assert [one["role"] for one in out.json()["roles"]] == ["cashier"]
    assert (refused.status_code, last.json()["code"]) == (403, "last_manager")


def test_a_role_is_made_and_gets_exactly_the_grants_that_are_set(client, company):
    owner = make_user(company)
    grants = [{"kind": "order", "action": "view", "reach": "team"}]

    made = call(client, owner, "/roles", "post", data={"code": "helper", "name": "Helper", "like": "cashier"}, **JSON)
    put = call(client, owner, "/roles/helper/grants", "put", data={"grants": grants}, **JSON)
    odd = call(
        client, owner, "/roles/helper/grants", "put",
        data={"grants": [{"kind": "order", "action": "fly", "reach": "all"}]}, **JSON,
    )  # fmt: skip

    assert made.status_code == 201
    assert {"kind": "payment", "action": "record", "reach": "branch"} in made.json()["grants"]
    assert put.json()["grants"] == grants
    assert (odd.status_code, odd.json()["field"]) == (422, "order.fly")
    assert call(client, owner, "/roles/helper").json()["grants"] == grants


def test_an_expired_token_opens_nothing(client, company):
    person = make_user(company)
    token = create_token(user_id=person.id, name="old", by=person, at=AT - timedelta(days=2), days=1)

    answer = client.get("/api/v1/company", HTTP_AUTHORIZATION=f"Bearer {token.text}")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
