"""The first visit to an empty installation."""

import pytest

from niaga.organization.access import access_of
from niaga.organization.models import Company, User
from niaga.organization.tests.makers import make_company

pytestmark = pytest.mark.django_db
FORM = {
    "name": "PT Nusa Kopi", "city": "Surabaya", "zone": "Asia/Jakarta", "currency": "IDR", "charges_tax": "on",
    "owner": "Sari Wijaya", "username": "sari", "email": "sari@example.com", "password": "bunga-melati-9",
}  # fmt: skip


def test_the_first_visit_leads_to_the_beginning_and_ends_logged_in(client):
    assert client.get("/account/login/")["Location"] == "/begin"
    assert client.get("/begin").status_code == 200

    answer = client.post("/begin", FORM)

    company, owner = Company.objects.get(), User.objects.get()
    assert answer["Location"] == "/"
    assert (company.code, company.city) == ("NUSA", "Surabaya")
    assert access_of(owner).roles == {"owner"}
    assert client.get("/settings/company").status_code == 200


def test_the_beginning_is_closed_once_somebody_works_here(client):
    make_company()

    assert client.get("/begin").status_code == 404
    assert client.post("/begin", FORM).status_code == 404
    assert client.get("/account/login/").status_code == 200
    assert User.objects.count() == 0


def test_what_is_wrong_is_said_and_nothing_is_begun(client):
    answer = client.post("/begin", {**FORM, "password": "short"})

    assert answer.status_code == 422
    assert 'value="PT Nusa Kopi"' in answer.content.decode()
    assert Company.objects.count() == User.objects.count() == 0
