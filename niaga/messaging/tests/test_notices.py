"""The bell, and mail that other parts of the system send."""

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import override_settings
from django.utils import translation

from niaga.core.batch import Batch
from niaga.messaging.models import Email, Notice
from niaga.messaging.queries.notices import notices, unread, words
from niaga.messaging.services.add_notice import add_notice
from niaga.messaging.services.invite_user import invite_user
from niaga.messaging.services.read_notices import read_notices
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_user import create_user
from niaga.organization.tests.makers import AT, make_company, make_user

pytestmark = pytest.mark.django_db


def _ring(people, **values):
    batch = Batch()
    given = {"text": "%(number)s was accepted", "facts": {"number": "Q-1"}, "url": "/quotations/1", "at": AT, **values}
    add_notice(batch=batch, to=[person.id for person in people], **given)
    batch.write()


def test_a_notice_rings_for_each_person_once():
    company = make_company()
    dewi, budi = make_user(company), make_user(company)

    _ring([dewi, budi, dewi])

    assert [words(notice) for notice in notices(by=dewi)] == ["Q-1 was accepted"]
    assert unread(by=budi).count() == 1


def test_reading_is_ones_own_affair():
    company = make_company()
    dewi, budi = make_user(company), make_user(company)
    _ring([dewi, budi])
    _ring([dewi])
    foreign = notices(by=budi).get()

    assert read_notices(notice_ids=[foreign.id], by=dewi, at=AT) == 0
    assert read_notices(notice_ids=[notices(by=dewi)[0].id], by=dewi, at=AT) == 1
    assert read_notices(by=dewi, at=AT) == 1

    assert unread(by=dewi).count() == 0
    assert unread(by=budi).count() == 1


@pytest.mark.parametrize("url", ["https://evil.example", "//evil.example", "javascript:alert(1)"])
def test_a_notice_leads_nowhere_else(url):
    person = make_user(make_company())

    _ring([person], url=url)

    assert Notice.objects.get().url == ""


def test_a_notice_whose_facts_do_not_fit_is_still_shown():
    person = make_user(make_company())

    _ring([person], facts={"other": 1})

    assert words(Notice.objects.get()) == "%(number)s was accepted"


def test_an_invited_person_gets_one_mail_with_a_link_in_their_language(client):
    company = make_company(name="PT Nusa")
    user = create_user(
        username="budi", name="Budi", email="budi@example.com", language="en", company_id=company.id, by=SYSTEM, at=AT
    )

    with translation.override("id"):
        invite_user(user_id=user.id, company_id=company.id, at=AT)
        assert invite_user(user_id=user.id, company_id=company.id, at=AT) is None

    sent = Email.objects.get()
    assert (sent.to, sent.secret, sent.subject) == (["budi@example.com"], True, "Your log-in to Niaga at PT Nusa")
    assert "/account/password/reset/key/" in sent.text
    assert "Hello Budi" in sent.text
    assert 'href="http' in sent.html


def test_a_person_with_a_password_is_not_invited():
    company = make_company()
    user = make_user(company, password="bunga-melati-9", email="a@example.com")

    assert invite_user(user_id=user.id, company_id=company.id, at=AT) is None


@override_settings(EMAIL_BACKEND="niaga.messaging.services.queue_django_mail.QueuedMail")
def test_djangos_own_mail_goes_the_way_of_all_mail():
    company = make_company()
    message = EmailMultiAlternatives("Reset\nyour password", "Follow the link", to=["dewi@example.com"])
    message.attach_alternative("<p>Follow the link</p>", "text/html")

    sent = mail.get_connection().send_messages([message, EmailMultiAlternatives("S", "T", to=["no address"])])

    queued = Email.objects.get()
    assert sent == 1
    assert (queued.company_id, queued.subject, queued.html) == (
        company.id,
        "Reset your password",
        "<p>Follow the link</p>",
    )
    assert queued.secret
