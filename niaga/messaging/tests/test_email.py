"""Mail through real SMTP servers, good and bad."""

import email as mime
from datetime import timedelta
from email.policy import default

import pytest
from django.test import override_settings

from niaga.core.batch import Batch
from niaga.core.errors import Forbidden, NotFound, WrongState
from niaga.core.models import AuditEntry, OutboxEvent
from niaga.core.rules.attempts import WAITS
from niaga.messaging.models import Email, EmailFile, MailSettings, Notice
from niaga.messaging.queries.emails import get_email, visible_emails
from niaga.messaging.queries.mail_servers import mail_settings, server_of
from niaga.messaging.queries.reasons import REASONS, explain
from niaga.messaging.queries.waiting import due_email_ids
from niaga.messaging.services.change_mail_settings import BadMailServer, change_mail_settings
from niaga.messaging.services.queue_email import (
    FilesTooLarge,
    FileToSend,
    LineBreakInSubject,
    NobodyToSendTo,
    NotAnAddress,
    NothingToSay,
    TooManyRecipients,
    queue_email,
)
from niaga.messaging.services.retry_email import retry_email
from niaga.messaging.services.send_email import send_email
from niaga.messaging.services.settle_email import settle_email
from niaga.messaging.services.settle_lost_emails import settle_lost_emails
from niaga.messaging.tests.makers import make_email, status_of, use_server
from niaga.messaging.tests.smtp import broken_server, smtp_server
from niaga.organization.access import SYSTEM
from niaga.organization.tests.makers import AT, fresh, make_company, make_user

pytestmark = pytest.mark.django_db


def _send(email, at=AT):
    status = send_email(email_id=email.id, clock=lambda: at)
    email.refresh_from_db()
    return status


def test_a_mail_arrives_with_its_text_html_and_files():
    company = make_company()
    pdf = FileToSend("Penawaran Q-1.pdf", "application/pdf", b"%PDF-1.7 ...")
    waiting = make_email(
        company, to=["maya@example.com"], cc=["budi@example.com"], reply_to="dewi@nusa.example", html="<p>Halo</p>",
        files=[pdf], subject="Penawaran Q-1 – Kopi",
    )  # fmt: skip

    with smtp_server() as inbox:
        use_server(company, inbox.port)
        status = _send(waiting)

    assert (status, waiting.status, waiting.sent_at, waiting.attempts) == ("sent", "sent", AT, 1)
    [envelope] = inbox.received
    assert envelope.rcpt_tos == ["maya@example.com", "budi@example.com"]
    message = mime.message_from_bytes(envelope.content, policy=default)
    assert message["Subject"] == "Penawaran Q-1 – Kopi"
    assert message["From"] == "PT Nusa <sales@nusa.example>"
    assert message["Reply-To"] == "dewi@nusa.example"
    assert message["Message-ID"] == waiting.message_id
    assert message.get_body(("plain",)).get_content().strip() == "Halo"
    assert message.get_body(("html",)).get_content().strip() == "<p>Halo</p>"
    [attached] = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("Penawaran Q-1.pdf", b"%PDF-1.7 ...")


def test_queueing_is_one_statement_with_the_deed(django_assert_num_queries):
    company = make_company()
    batch = Batch()
    files = [FileToSend("a.pdf", "application/pdf", b"a"), FileToSend("b.pdf", "application/pdf", b"b")]

    with django_assert_num_queries(1):
        email_id = queue_email(
            batch=batch, company_id=company.id, to=["a@example.com"], subject="S", text="T", files=files, by=None, at=AT
        )
        batch.write()

    assert [event.kind for event in OutboxEvent.objects.filter(subject_id=email_id)] == ["EmailQueued"]
    assert EmailFile.objects.filter(email_id=email_id).count() == 2


def test_a_mail_is_sent_once_however_often_the_job_is_told():
    company = make_company()
    waiting = make_email(company)

    with smtp_server() as inbox:
        use_server(company, inbox.port)
        assert _send(waiting) == "sent"
        assert _send(waiting) == ""
        assert _send(waiting) == ""

    assert len(inbox.received) == 1


def test_the_password_of_the_server_is_used_and_kept_sealed():
    company = make_company()
    waiting = make_email(company)

    with smtp_server(password="rahasia 1") as inbox:
        use_server(company, inbox.port, username="nusa", password="rahasia 1")
        _send(waiting)

    assert len(inbox.received) == 1
    kept = MailSettings.objects.get(company_id=company.id).password
    assert "rahasia" not in kept
    assert server_of(company.id).password == "rahasia 1"
    assert "rahasia" not in repr(server_of(company.id))
    trail = AuditEntry.objects.get(subject_kind="mail_settings")
    assert trail.data["after"]["password"] == "…"


def test_a_changed_secret_key_makes_the_password_unreadable_and_says_so():
    company = make_company()
    owner = make_user(company)
    use_server(company, 2525, username="nusa", password="rahasia")

    with override_settings(SECRET_KEY="another"):
        facts = mail_settings(by=owner)
        server = server_of(company.id)

    assert (facts.has_password, facts.password_unreadable) == (True, True)
    assert server.password == ""


def test_an_empty_password_field_keeps_the_password():
    company = make_company()
    use_server(company, 2525, username="nusa", password="rahasia")

    use_server(company, 2526, username="nusa", password=None)

    assert (server_of(company.id).port, server_of(company.id).password) == (2526, "rahasia")


def test_without_a_server_mail_is_kept():
    waiting = make_email(make_company())

    assert _send(waiting) == "kept"

    assert (waiting.attempts, waiting.sent_at) == (0, None)
    event = OutboxEvent.objects.get(kind="EmailSettled")
    assert event.payload["status"] == "kept"


def test_the_server_of_the_environment_serves_companies_without_their_own():
    company = make_company()
    waiting = make_email(company)

    with smtp_server() as inbox, override_settings(
        EMAIL_HOST="127.0.0.1", EMAIL_PORT=inbox.port, EMAIL_USE_TLS=False, EMAIL_USE_SSL=False,
        DEFAULT_FROM_EMAIL="Niaga <niaga@example.com>",
    ):  # fmt: skip
        assert _send(waiting) == "sent"

    assert inbox.received[0].mail_from == "niaga@example.com"


def test_a_server_that_is_down_is_tried_again_later_and_later_then_the_mail_has_failed():
    company = make_company()
    writer = make_user(company, "salesperson")
    waiting = make_email(company, by=writer.id)
    use_server(company, 1)  # nobody listens there
    at = AT
    times = []

    for _ in WAITS:
        assert _send(waiting, at) == "queued"
        times.append(waiting.next_attempt_at - at)
        assert waiting.id not in due_email_ids(at=at)
        at = waiting.next_attempt_at
        assert waiting.id in due_email_ids(at=at)
    assert _send(waiting, at) == "failed"

    assert times == list(WAITS)
    assert (waiting.attempts, waiting.reason) == (len(WAITS) + 1, "unreachable")
    assert "kept and tried again" in str(REASONS["unreachable"]) or explain(waiting)
    notice = Notice.objects.get(user_id=writer.id)
    assert notice.facts == {"to": "maya@example.com", "subject": "Penawaran Q-1"}
    assert due_email_ids(at=at + timedelta(days=1)) == []


def test_a_wrong_password_fails_at_once_and_can_be_sent_again():
    company = make_company()
    owner = make_user(company)
    waiting = make_email(company)

    with smtp_server(password="right") as inbox:
        use_server(company, inbox.port, username="nusa", password="wrong")
        assert _send(waiting) == "failed"
        assert waiting.reason == "login"
        use_server(company, inbox.port, username="nusa", password="right")
        retry_email(email_id=waiting.id, by=owner, at=AT)
        assert _send(waiting) == "sent"

    assert len(inbox.received) == 1
    assert (waiting.reason, waiting.error) == ("", "")


def test_an_address_that_the_server_does_not_take_fails_at_once():
    company = make_company()
    waiting = make_email(company)

    with smtp_server(answer_to_rcpt={"maya@example.com": "550 no such user"}) as inbox:
        use_server(company, inbox.port)
        status = _send(waiting)

    assert (status, waiting.reason) == ("failed", "address")
    assert waiting.error == "maya@example.com: 550 no such user"


def test_one_address_of_two_refused_is_sent_and_said():
    company = make_company()
    waiting = make_email(company, to=["maya@example.com", "gone@example.com"])

    with smtp_server(answer_to_rcpt={"gone@example.com": "550 no such user"}) as inbox:
        use_server(company, inbox.port)
        status = _send(waiting)

    assert (status, waiting.reason, waiting.error) == ("sent", "partly", "gone@example.com")
    assert len(inbox.received) == 1


@pytest.mark.parametrize(
    ("answer", "status"), [("451 later please", "queued"), ("452 full", "queued"), ("554 spam", "failed")]
)
def test_a_refused_text_is_certainly_not_sent(answer, status):
    company = make_company()
    waiting = make_email(company)

    with smtp_server(answer_to_data=answer) as inbox:
        use_server(company, inbox.port)
        assert _send(waiting) == status

    assert (waiting.reason, waiting.error) == ("refused", answer)
    assert inbox.received == []


@pytest.mark.parametrize("hang", [False, True])
def test_a_server_that_goes_away_after_the_text_leaves_the_mail_uncertain(hang):
    company = make_company()
    writer = make_user(company, "salesperson")
    waiting = make_email(company, by=writer.id)

    with broken_server(at="text", hang=hang) as port, override_settings(EMAIL_TIMEOUT=1):
        use_server(company, port)
        assert _send(waiting) == "uncertain"

    assert waiting.reason == "broken"
    assert _send(waiting) == ""
    assert due_email_ids(at=AT + timedelta(days=9)) == []
    assert Notice.objects.filter(user_id=writer.id).count() == 1


@pytest.mark.parametrize("at", ["connect", "mail"])
@pytest.mark.parametrize("hang", [False, True])
def test_a_server_that_goes_away_before_the_text_is_tried_again(at, hang):
    company = make_company()
    waiting = make_email(company)

    with broken_server(at=at, hang=hang) as port, override_settings(EMAIL_TIMEOUT=1):
        use_server(company, port)
        assert _send(waiting) == "queued"

    assert waiting.reason in ("unreachable", "refused")
    assert waiting.next_attempt_at == AT + WAITS[0]


def test_a_worker_that_died_leaves_the_mail_uncertain_never_sent_again(monkeypatch):
    company = make_company()
    waiting = make_email(company)
    use_server(company, 2525)

    def die(**_):
        raise SystemExit

    monkeypatch.setattr("niaga.messaging.services.send_email.hand_over", die)
    with pytest.raises(SystemExit):
        send_email(email_id=waiting.id, clock=lambda: AT)
    assert status_of(waiting.id) == "sending"
    assert _send(waiting) == ""

    assert settle_lost_emails(at=AT + timedelta(minutes=9)) == 0
    assert settle_lost_emails(at=AT + timedelta(minutes=11)) == 1

    waiting.refresh_from_db()
    assert (waiting.status, waiting.reason) == ("uncertain", "stopped")
    assert _send(waiting) == ""


def test_a_person_settles_what_is_uncertain():
    company = make_company()
    owner = make_user(company)
    arrived = make_email(company)
    lost = make_email(company)
    Email.objects.update(status="uncertain", started_at=AT)

    settle_email(email_id=arrived.id, by=owner, at=AT)
    retry_email(email_id=lost.id, by=owner, at=AT)

    assert (status_of(arrived.id), status_of(lost.id)) == ("sent", "queued")
    with pytest.raises(WrongState):
        retry_email(email_id=arrived.id, by=owner, at=AT)
    assert [entry.verb for entry in AuditEntry.objects.filter(subject_id=lost.id)] == ["retry"]


@pytest.mark.parametrize(
    "address",
    [
        "nobody", "a@", "@b", "a b@c.co", "a@b.co\nBcc: x@y.co", "a@b.co\r\nBcc: x@y.co", "a@b.co, c@d.co", "<a@b.co>",
        '"a\\"b"@c.co', "a@b.co\x00", "a@[127.0.0.1]", "a@-b.co", "Maya <a@b.co>", "a" * 65 + "@b.co", "a@" + "b" * 260,
        "ä@b.co", "a@b.co\u2028Bcc: x@y.co", "-f@b.co;rm", "",
    ],
)  # fmt: skip
def test_hostile_addresses_are_refused(address):
    company = make_company()

    for field in ("to", "cc"):
        with pytest.raises(NotAnAddress) as refused:
            make_email(company, **{"to": ["ok@example.com"], field: [address]})
        assert refused.value.field == field
    if address:
        with pytest.raises(NotAnAddress):
            make_email(company, reply_to=address)

    assert Email.objects.count() == 0
    assert OutboxEvent.objects.filter(kind="EmailQueued").count() == 0


def test_good_addresses_are_kept_each_once():
    waiting = make_email(
        make_company(),
        to=["Maya@Example.com", " maya@example.com", "o'neil+kopi@sub.example.co.id"],
        cc=["maya@example.com"],
    )

    assert waiting.to == ["maya@example.com", "o'neil+kopi@sub.example.co.id"]
    assert waiting.cc == []


@pytest.mark.parametrize("sign", ["\n", "\r", "\r\n", "\x00", "\u2028", "\x85"])
def test_a_subject_cannot_begin_another_header(sign):
    with pytest.raises(LineBreakInSubject):
        make_email(make_company(), subject=f"Hello{sign}Bcc: x@y.co")


def test_impossible_mails_are_refused():
    company = make_company()

    with pytest.raises(NobodyToSendTo):
        make_email(company, to=[])
    with pytest.raises(TooManyRecipients):
        make_email(company, to=[f"a{n}@example.com" for n in range(51)])
    with pytest.raises(NothingToSay):
        make_email(company, subject=" ")
    with pytest.raises(NothingToSay):
        make_email(company, text=" \n")
    with pytest.raises(FilesTooLarge):
        make_email(company, files=[FileToSend("a", "text/plain", b"x" * (20 * 1024 * 1024 + 1))])


def test_file_names_carry_no_folders_and_no_headers():
    waiting = make_email(make_company(), files=[FileToSend('../../etc/pass"wd\r\nX: y', "text/html\r\nX: y", b"x")])
    file = waiting.files.get()

    assert (file.name, file.media_type) == ("pass'wd X: y", "application/octet-stream")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"host": "smtp example"}, "host"),
        ({"host": "smtp.example.com\r\nQUIT"}, "host"),
        ({"port": 0}, "port"),
        ({"port": 70000}, "port"),
        ({"security": "magic"}, "security"),
        ({"sender": "nobody"}, "sender"),
        ({"sender": ""}, "sender"),
        ({"sender_name": "A\nB"}, "sender_name"),
    ],
)
def test_impossible_mail_settings_are_refused(values, field):
    given = {"host": "smtp.example.com", "port": 587, "security": "tls", "sender": "a@example.com", **values}

    with pytest.raises((BadMailServer, NotAnAddress)) as refused:
        change_mail_settings(company_id=make_company().id, by=SYSTEM, at=AT, **given)

    assert refused.value.field == field
    assert MailSettings.objects.count() == 0


def test_mail_settings_are_for_those_who_manage_them():
    company = make_company()
    seller = make_user(company, "salesperson")

    with pytest.raises(Forbidden):
        change_mail_settings(company_id=company.id, host="", by=seller, at=AT)
    with pytest.raises(Forbidden):
        mail_settings(by=seller)


def test_people_see_their_own_mails_and_log_in_links_only_managers():
    company = make_company()
    seller = make_user(company, "salesperson")
    owner = make_user(company)
    finance = make_user(company, "finance")
    own = make_email(company, by=seller.id)
    others = make_email(company, by=owner.id)
    secret = make_email(company, by=None, secret=True)
    foreign = make_email(make_company())

    assert set(visible_emails(by=fresh(seller))) == {own}
    assert set(visible_emails(by=fresh(finance))) == {own, others}
    assert set(visible_emails(by=fresh(owner))) == {own, others, secret}
    for hidden in (others, secret, foreign):
        with pytest.raises(NotFound):
            get_email(email_id=hidden.id, by=seller)
        with pytest.raises(NotFound):
            retry_email(email_id=hidden.id, by=seller, at=AT)
