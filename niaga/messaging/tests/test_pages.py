"""The mailbox, the mail settings and the bell in the browser's own terms."""

import pytest
from django.urls import reverse

from niaga.core.batch import Batch
from niaga.messaging.models import Email, MailSettings
from niaga.messaging.queries.mail_servers import server_of
from niaga.messaging.queries.notices import notices
from niaga.messaging.services.add_notice import add_notice
from niaga.messaging.services.queue_email import FileToSend
from niaga.messaging.services.send_email import send_email
from niaga.messaging.tests.makers import make_email, use_server
from niaga.messaging.tests.smtp import smtp_server
from niaga.organization.tests.makers import AT, make_company, make_user

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def company():
    return make_company(name="PT Nusa")


@pytest.fixture
def owner(company, client):
    person = make_user(company, name="Ibu Sari", email="sari@example.com")
    client.force_login(person, backend=BACKEND)
    return person


def url(name, *args):
    return reverse(f"messaging:{name}", args=args)


def test_the_mailbox_shows_a_mail_with_text_html_and_files(client, owner, company):
    pdf = FileToSend("Penawaran.pdf", "text/html", b"<script>alert(1)</script>")
    email = make_email(
        company, text="Halo <b>Maya</b>", html="<p>Halo</p><script>alert(1)</script>", files=[pdf], subject="<i>Q-1</i>"
    )

    listed = client.get(url("mailbox")).content.decode()
    page = client.get(url("email", email.id))
    html = client.get(url("email_html", email.id))
    file = client.get(url("email_file", email.id, email.files.get().id))

    assert "&lt;i&gt;Q-1&lt;/i&gt;" in listed
    text = page.content.decode()
    assert "Halo &lt;b&gt;Maya&lt;/b&gt;" in text
    assert 'sandbox=""' in text
    assert "<script>alert" not in text
    assert html["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in html["Content-Security-Policy"]
    assert file["Content-Disposition"] == 'attachment; filename="Penawaran.pdf"'
    assert file["Content-Type"] == "application/octet-stream"


def test_the_address_with_a_slash_leads_to_the_mailbox(client, owner):
    assert client.get("/mailbox/")["Location"] == "/mailbox"


def test_a_mail_of_somebody_else_is_not_found(client, company):
    seller = make_user(company, "salesperson")
    other = make_user(company, "salesperson")
    email = make_email(company, by=other.id, html="<p>x</p>", files=[FileToSend("a", "text/plain", b"a")])
    client.force_login(seller, backend=BACKEND)

    assert client.get(url("mailbox")).status_code == 200
    for path in (
        url("email", email.id), url("email_html", email.id), url("email_file", email.id, email.files.get().id),
    ):  # fmt: skip
        assert client.get(path).status_code == 404
    assert client.post(url("email_retry", email.id), HTTP_HX_REQUEST="true").status_code == 404


def test_a_failed_mail_says_why_and_is_sent_again_by_a_button(client, owner, company):
    email = make_email(company)
    Email.objects.update(status="failed", reason="login", error="535 no")

    page = client.get(url("email", email.id)).content.decode()
    assert "535 no" in page
    assert url("email_retry", email.id) in page
    assert url("email_settle", email.id) not in page
    client.post(url("email_retry", email.id))

    email.refresh_from_db()
    assert (email.status, email.error) == ("queued", "")
    assert 'hx-trigger="every 2s"' in client.get(url("email", email.id)).content.decode()


def test_an_uncertain_mail_is_settled_by_a_button(client, owner, company):
    email = make_email(company)
    Email.objects.update(status="uncertain", reason="broken", started_at=AT)
    assert url("email_settle", email.id) in client.get(url("email", email.id)).content.decode()

    client.post(url("email_settle", email.id))

    email.refresh_from_db()
    assert (email.status, email.sent_at) == ("sent", AT)


def test_the_list_of_mails_costs_a_fixed_number_of_statements(client, owner, company, django_assert_max_num_queries):
    for _ in range(5):
        make_email(company)
    client.get(url("mailbox"))

    with django_assert_max_num_queries(10):
        client.get(url("mailbox"))


def test_mails_are_found_by_recipient_and_state(client, owner, company):
    make_email(company, to=["maya@example.com"], subject="Q-1")
    make_email(company, to=["budi@example.com"], subject="Q-2")

    page = client.get(url("mailbox"), {"q": "budi"}).content.decode()
    assert "Q-2" in page
    assert "Q-1" not in page
    assert "Q-2" not in client.get(url("mailbox"), {"status": "failed"}).content.decode()


def test_mail_settings_are_kept_and_the_password_never_shown(client, owner, company):
    form = {
        "host": "smtp.example.com", "port": "587", "security": "starttls", "username": "nusa", "password": "rahasia 9",
        "sender": "sales@nusa.example", "sender_name": "PT Nusa",
    }  # fmt: skip

    assert client.post(url("mail_settings"), form).status_code == 303
    page = client.get(url("mail_settings")).content.decode()
    assert "smtp.example.com" in page
    assert "rahasia" not in page
    client.post(url("mail_settings"), {**form, "password": "", "port": "2525"})

    assert (server_of(company.id).password, server_of(company.id).port) == ("rahasia 9", 2525)


def test_wrong_mail_settings_are_said_beside_the_field(client, owner):
    form = {"host": "smtp example", "port": "587", "security": "starttls", "sender": "a@example.com"}

    answer = client.post(url("mail_settings"), form)

    assert answer.status_code == 422
    assert 'id="id_host_error"' in answer.content.decode()
    assert MailSettings.objects.count() == 0


def test_a_test_mail_goes_to_oneself(client, owner, company):
    with smtp_server() as inbox:
        use_server(company, inbox.port)
        answer = client.post(url("test_mail"))
        email = Email.objects.get()
        send_email(email_id=email.id, clock=lambda: AT)

    assert answer["Location"] == url("email", email.id)
    assert inbox.received[0].rcpt_tos == ["sari@example.com"]


def test_mail_settings_are_closed_to_others(client, company):
    client.force_login(make_user(company, "salesperson"), backend=BACKEND)

    assert client.get(url("mail_settings")).status_code == 403
    assert client.post(url("test_mail"), HTTP_HX_REQUEST="true").status_code == 403


def test_the_bell_shows_counts_and_leads_on(client, owner):
    batch = Batch()
    add_notice(batch=batch, to=[owner.id], text="%(n)s <b>waits</b>", facts={"n": "Q-1"}, url="/settings", at=AT)
    batch.write()
    notice = notices(by=owner).get()

    page = client.get(url("notices")).content.decode()
    assert "Q-1 &lt;b&gt;waits&lt;/b&gt;" in page
    assert '<span class="dot" aria-hidden="true">1</span>' in page
    assert "Q-1" in client.get(url("newest_notices")).content.decode()
    assert client.get(url("notice", notice.id))["Location"] == "/settings"
    assert '<span class="dot"' not in client.get(url("notices")).content.decode()


def test_all_notices_are_read_at_once_but_only_ones_own(client, owner, company):
    other = make_user(company)
    batch = Batch()
    add_notice(batch=batch, to=[owner.id, other.id], text="x", url="/settings", at=AT)
    batch.write()
    foreign = notices(by=other).get()

    client.post(url("read_notices"))
    assert client.get(url("notice", foreign.id))["Location"] == url("notices")

    assert notices(by=owner).get().read_at is not None
    assert notices(by=other).get().read_at is None


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("place", ["mailbox", "mail_settings", "notices", "newest_notices"])
def test_places_open_in_both_languages(client, owner, place, language):
    client.cookies["niaga_language"] = language

    assert client.get(url(place)).status_code == 200
