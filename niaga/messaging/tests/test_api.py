"""Mails and notices, as a program meets them."""

from typing import Any

import pytest
from django.test import Client

from niaga.core.clock import now
from niaga.messaging.models import Email, Notice
from niaga.messaging.tests.makers import make_email
from niaga.organization.access import SYSTEM
from niaga.organization.models import User
from niaga.organization.services.create_token import create_token
from niaga.organization.tests.makers import AT, make_company, make_user

pytestmark = pytest.mark.django_db


def program(user: User) -> Client:
    token = create_token(user_id=user.id, name="test", by=SYSTEM, at=now())
    return Client(headers={"Authorization": f"Bearer {token.text}"})


def test_a_mail_that_failed_is_seen_and_sent_again_and_one_that_was_sent_is_not():
    company = make_company()
    failed, sent = make_email(company), make_email(company)
    Email.objects.filter(pk=failed.id).update(status="failed", attempts=4, reason="refused", error="550 no")
    Email.objects.filter(pk=sent.id).update(status="sent")
    api = program(make_user(company))

    listed = api.get("/api/v1/emails?status=failed").json()["items"]
    again = api.post(f"/api/v1/emails/{failed.id}/sending")
    refused = api.post(f"/api/v1/emails/{sent.id}/sending")

    assert [(row["id"], row["error"]) for row in listed] == [(str(failed.id), "550 no")]
    assert (again.status_code, again.json()["status"], again.json()["attempts"]) == (200, "queued", 0)
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert Email.objects.get(pk=sent.id).status == "sent"


def test_an_uncertain_mail_is_settled_by_a_person():
    company = make_company()
    email = make_email(company)
    Email.objects.filter(pk=email.id).update(status="uncertain", started_at=AT)

    settled = program(make_user(company)).post(f"/api/v1/emails/{email.id}/settlement")

    assert (settled.status_code, settled.json()["status"]) == (200, "sent")


def test_mails_of_another_company_or_person_are_not_there():
    company = make_company()
    email = make_email(company)

    for user in (make_user(make_company()), make_user(company, "salesperson")):
        api = program(user)
        assert api.get("/api/v1/emails").json()["items"] == []
        assert api.get(f"/api/v1/emails/{email.id}").status_code == 404
        assert api.post(f"/api/v1/emails/{email.id}/sending").status_code == 404
    assert Email.objects.get(pk=email.id).status == "queued"


def test_the_mail_server_is_set_and_its_password_never_told():
    company = make_company()
    body: dict[str, Any] = {"host": "smtp.example.com", "sender": "sales@nusa.example", "password": "rahasia"}
    api = program(make_user(company))

    put = api.put("/api/v1/mail-settings", body, content_type="application/json")
    odd = api.put("/api/v1/mail-settings", {**body, "host": "-x-"}, content_type="application/json")
    read = api.get("/api/v1/mail-settings")
    seller = program(make_user(company, "salesperson")).get("/api/v1/mail-settings")

    assert put.json() == read.json()
    assert (read.json()["host"], read.json()["has_password"]) == ("smtp.example.com", True)
    assert "rahasia" not in read.content.decode()
    assert (odd.status_code, odd.json()["field"], seller.status_code) == (422, "host", 403)


def test_notices_are_ones_own_and_are_read():
    company = make_company()
    mine, other = make_user(company), make_user(company)
    for user in (mine, other):
        Notice.objects.create(user_id=user.id, text="%(name)s accepted", facts={"name": "Ibu Sari"}, at=AT)
    api = program(mine)

    listed = api.get("/api/v1/notices?unread=true").json()["items"]
    read = api.post("/api/v1/notices/reading", {}, content_type="application/json")

    assert [row["text"] for row in listed] == ["Ibu Sari accepted"]
    assert read.json() == {"read": 1}
    assert api.get("/api/v1/notices?unread=true").json()["items"] == []
    assert Notice.objects.filter(user_id=other.id, read_at=None).count() == 1
