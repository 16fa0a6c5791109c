"""The company, its people and tokens through the API."""

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
