"""A WhatsApp message is sent once, whatever server, worker and Meta do."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from niaga.core.batch import Batch
from niaga.core.errors import Forbidden, WrongState
from niaga.core.models import IncomingCall, OutboxEvent
from niaga.core.services.handle_call import handle_call
from niaga.messaging.models import WhatsappMessage
from niaga.messaging.queries.waiting import due_whatsapp_ids
from niaga.messaging.services.change_whatsapp_settings import BadWhatsappSettings, change_whatsapp_settings
from niaga.messaging.services.queue_whatsapp import WhatsappToSend, queue_whatsapp
from niaga.messaging.services.retry_whatsapp import retry_whatsapp
from niaga.messaging.services.send_whatsapp import send_whatsapp
from niaga.messaging.services.settle_lost_whatsapp import settle_lost_whatsapp
from niaga.messaging.services.settle_whatsapp import settle_whatsapp
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from niaga.organization.services.retry_calls import retry_calls
from tests.makers import NOW, World, log_in, make_user, make_world
from tests.servers.whatsapp import FakeWhatsapp, whatsapp_server

pytestmark = pytest.mark.django_db
SECRET = "9f31c0de77aa"


def set_up(world: World, fake: FakeWhatsapp, settings: Any) -> None:
    settings.WHATSAPP_URL = fake.url
    change_whatsapp_settings(
        company_id=world.company.id, phone_id="10987654321", token="EAAB-token", app_secret=SECRET,
        verify_token="kata-kunci", by=SYSTEM, at=NOW,
    )  # fmt: skip


def queued(world: World, **facts: Any) -> UUID:
    batch = Batch()
    message = WhatsappToSend("+628123456789", "tagihan", "id", "Halo {{1}}, sisa {{2}}.", ["Sari\n", "Rp 10"], **facts)
    (key,) = queue_whatsapp(batch=batch, company_id=world.company.id, messages=[message], by=world.owner.id, at=NOW)
    batch.write()
    return key


def send(key: UUID) -> str:
    return send_whatsapp(message_id=key, clock=lambda: NOW)


def state(key: UUID) -> str:
    return WhatsappMessage.objects.get(pk=key).status


def call(world: World, key: UUID, *statuses: str, secret: str = SECRET, **more: Any) -> Any:
    rows = [
        {
            "id": f"wamid.{key}",
            "status": status,
            "timestamp": "1795000000",
            "biz_opaque_callback_data": str(key),
            **more,
        }
        for status in statuses
    ]
    change = {"field": "messages", "value": {"statuses": rows}}
    return knock(world, json.dumps({"entry": [{"changes": [change]}]}).encode(), secret=secret)


def knock(world: World, body: bytes, *, secret: str = SECRET) -> Any:
    sign = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return Client().post(
        f"/hooks/whatsapp/{world.company.id}", body, content_type="application/json",
        headers={"X-Hub-Signature-256": f"sha256={sign}"},
    )  # fmt: skip


def handle_all() -> list[str]:
    waiting = IncomingCall.objects.filter(handled_at=None).order_by("received_at", "id")
    return [handle_call(call_id=row.pk, at=NOW) for row in waiting]


def test_a_message_goes_out_as_an_approved_template_under_its_own_key(settings: Any) -> None:
    world = make_world()
    with whatsapp_server() as fake:
        set_up(world, fake, settings)
        key = queued(world)

        assert send(key) == "sent"
        assert send(key) == ""

    assert fake.taken == {str(key): 1}
    assert fake.tokens == ["Bearer EAAB-token"]
    assert fake.bodies[0]["to"] == "628123456789"
    assert fake.bodies[0]["template"] == {
        "name": "tagihan", "language": {"code": "id"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "Sari"},
                                                       {"type": "text", "text": "Rp 10"}]}],
    }  # fmt: skip
    row = WhatsappMessage.objects.get(pk=key)
    assert (row.provider_id, row.text) == (f"wamid.{key}", "Halo Sari, sisa Rp 10.")


def test_without_settings_a_message_is_kept_and_sent_when_a_person_wants_it(settings: Any) -> None:
    world = make_world()
    key = queued(world)
    assert send(key) == "kept"

    with whatsapp_server() as fake:
        set_up(world, fake, settings)
        retry_whatsapp(message_id=key, by=world.owner, at=NOW)

        assert send(key) == "sent"
    assert fake.taken == {str(key): 1}


@pytest.mark.parametrize("answer", ["error", "never"])
def test_what_was_handed_over_without_a_clear_answer_is_uncertain_and_stays_so(answer: str, settings: Any) -> None:
    world = make_world()
    with whatsapp_server(answer) as fake:
        set_up(world, fake, settings)
        key = queued(world)

        assert send(key) == "uncertain"
        assert send(key) == ""
        assert due_whatsapp_ids(at=NOW + timedelta(days=10)) == []

    assert fake.taken == {str(key): 1}


def test_whatsapps_own_word_settles_what_is_uncertain(settings: Any) -> None:
    world = make_world()
    with whatsapp_server("error") as fake:
        set_up(world, fake, settings)
        key = queued(world)
        send(key)

        assert call(world, key, "delivered").status_code == 200
        assert state(key) == "uncertain"  # kept first, handled by a job
        assert handle_all() == ["handled"]

    row = WhatsappMessage.objects.get(pk=key)
    assert (row.status, row.reason, row.provider_id) == ("delivered", "", f"wamid.{key}")
    with pytest.raises(WrongState):
        retry_whatsapp(message_id=key, by=world.owner, at=NOW)


def test_a_person_settles_what_is_uncertain(settings: Any) -> None:
    world = make_world()
    with whatsapp_server("never") as fake:
        set_up(world, fake, settings)
        key = queued(world)
        send(key)

    settle_whatsapp(message_id=key, by=world.owner, at=NOW)

    assert state(key) == "sent"


def test_a_worker_that_died_on_the_way_leaves_the_message_uncertain() -> None:
    world = make_world()
    key = queued(world)
    WhatsappMessage.objects.filter(pk=key).update(status="sending", started_at=NOW)

    assert settle_lost_whatsapp(at=NOW + timedelta(minutes=9)) == 0
    assert settle_lost_whatsapp(at=NOW + timedelta(minutes=11)) == 1

    assert state(key) == "uncertain"
    assert send(key) == ""


def test_what_was_surely_not_sent_is_tried_again_and_fails_at_last(settings: Any) -> None:
    world = make_world()
    with whatsapp_server("busy") as fake:
        set_up(world, fake, settings)
        key = queued(world)

        states = [send(key) for _attempt in range(6)]

    assert states == ["queued"] * 5 + ["failed"]
    assert fake.taken == {}
    assert WhatsappMessage.objects.get(pk=key).reason == "wa_busy"


@pytest.mark.parametrize(
    ("code", "reason"), [(131026, "wa_address"), (132001, "wa_template"), (190, "wa_login"), (100, "wa_refused")]
)
def test_a_refusal_fails_at_once_and_says_why(code: int, reason: str, settings: Any) -> None:
    world = make_world()
    with whatsapp_server("refuse") as fake:
        fake.code = code
        set_up(world, fake, settings)
        key = queued(world)

        assert send(key) == "failed"

    assert WhatsappMessage.objects.get(pk=key).reason == reason


def test_a_server_that_cannot_be_reached_was_surely_given_nothing(settings: Any) -> None:
    world = make_world()
    with whatsapp_server() as fake:
        set_up(world, fake, settings)
    key = queued(world)

    assert send(key) == "queued"
    assert WhatsappMessage.objects.get(pk=key).reason == "wa_unreachable"


def test_words_that_come_twice_and_out_of_order_only_add(settings: Any) -> None:
    world = make_world()
    with whatsapp_server() as fake:
        set_up(world, fake, settings)
        key = queued(world)
        send(key)
        for status in ("read", "delivered", "sent", "read"):
            assert call(world, key, status).status_code == 200
        handle_all()

        assert call(world, key, "failed").status_code == 200
        handle_all()

    row = WhatsappMessage.objects.get(pk=key)
    assert (row.status, row.read_at is not None, row.delivered_at is not None) == ("read", True, True)
    assert IncomingCall.objects.filter(company_id=world.company.id).count() == 4  # the same call twice is one


def test_what_is_not_signed_by_the_app_is_not_even_kept(settings: Any) -> None:
    world = make_world()
    with whatsapp_server() as fake:
        set_up(world, fake, settings)
    key = queued(world)

    assert call(world, key, "read", secret="tebakan").status_code == 403
    assert call(make_world(), key, "read", secret="").status_code == 403
    assert (
        Client().post(f"/hooks/whatsapp/{world.company.id}", b"{}", content_type="application/json").status_code == 403
    )

    assert IncomingCall.objects.count() == 0
    assert state(key) == "queued"


def test_another_companys_call_moves_nothing_of_ours(settings: Any) -> None:
    ours, theirs = make_world(), make_world()
    with whatsapp_server() as fake:
        set_up(ours, fake, settings)
        set_up(theirs, fake, settings)
    key = queued(ours)

    call(theirs, key, "read")

    assert handle_all() == ["handled"]
    assert state(key) == "queued"


def test_meta_is_let_in_by_the_verify_token_alone(settings: Any) -> None:
    world = make_world()
    with whatsapp_server() as fake:
        set_up(world, fake, settings)
    address = f"/hooks/whatsapp/{world.company.id}"
    asked = {"hub.mode": "subscribe", "hub.challenge": "115"}

    assert Client().get(address, {**asked, "hub.verify_token": "kata-kunci"}).content == b"115"
    assert Client().get(address, {**asked, "hub.verify_token": "salah"}).status_code == 403
    assert (
        Client().get(f"/hooks/whatsapp/{make_world().company.id}", {**asked, "hub.verify_token": ""}).status_code == 403
    )


def test_a_call_that_fails_for_ever_stops_is_seen_and_is_tried_again_by_hand(settings: Any) -> None:
    world = make_world()
    with whatsapp_server() as fake:
        set_up(world, fake, settings)
    knock(world, b"not json")
    found = IncomingCall.objects.get()

    states = [handle_call(call_id=found.pk, at=NOW) for _attempt in range(7)]

    assert states == ["waiting"] * 5 + ["parked", ""]
    page = log_in(world.owner).get("/settings/incoming-calls?state=parked").content.decode()
    assert "JSONDecodeError" in page
    with pytest.raises(Forbidden):
        retry_calls(call_ids=[found.pk], by=make_user(world.company, "salesperson"), at=NOW)
    told = OutboxEvent.objects.filter(kind="CallReceived").count()
    assert retry_calls(call_ids=[found.pk], by=world.owner, at=NOW) == 1
    assert OutboxEvent.objects.filter(kind="CallReceived").count() == told + 1
    assert handle_call(call_id=found.pk, at=NOW) == "waiting"


def test_a_call_that_is_no_shape_of_ours_is_passed_over(settings: Any) -> None:
    world = make_world()
    with whatsapp_server() as fake:
        set_up(world, fake, settings)
    start, end = b'{"entry": [{"changes": [{"field": "messages", "value": {"statuses": [', b"]}}]}]}"
    odd = b'{"status": "read", "timestamp": "x", "errors": 3}'
    for body in (b"[]", b'{"entry": 1}', start + b"7" + end, start + odd + end):
        knock(world, body)

    assert handle_all() == ["handled"] * 4


def test_token_and_secret_are_kept_sealed_and_never_told(settings: Any) -> None:
    world = make_world()
    with whatsapp_server() as fake:
        set_up(world, fake, settings)

    page = log_in(world.owner).get("/settings/whatsapp").content.decode()

    assert "EAAB-token" not in page
    assert SECRET not in page
    with pytest.raises(BadWhatsappSettings):
        change_whatsapp_settings(company_id=world.company.id, phone_id="08-12", by=SYSTEM, at=NOW)
    with pytest.raises(BadWhatsappSettings):
        change_whatsapp_settings(company_id=world.company.id, phone_id="1", token="a\nb: c", by=SYSTEM, at=NOW)


def test_the_mailbox_shows_mail_and_whatsapp_alike(settings: Any) -> None:
    world = make_world()
    queued(world)
    browser = log_in(world.owner)

    assert "Halo Sari" in browser.get("/mailbox").content.decode()
    assert "Halo Sari" in browser.get("/mailbox?channel=whatsapp&q=sari").content.decode()
    assert "Halo Sari" not in browser.get("/mailbox?channel=email").content.decode()


def test_a_colleagues_message_is_not_there_for_who_sees_only_their_own() -> None:
    world = make_world()
    key = queued(world)

    assert log_in(make_user(world.company, "salesperson")).get(f"/messages/whatsapp/{key}").status_code == 404
    assert log_in(world.owner).get(f"/messages/whatsapp/{key}").status_code == 200


def test_the_test_message_is_queued_once_and_its_page_opens(settings: Any) -> None:
    world = make_world()
    browser = log_in(world.owner)
    sent = {"to": "+62 812-3456-789", "template": "hello_world", "language": "en_US", "idempotency_key": "k"}

    first, second = (browser.post("/settings/whatsapp/test", sent) for _turn in range(2))

    assert (first.status_code, first["Location"]) == (303, second["Location"])
    assert WhatsappMessage.objects.get().to == "+628123456789"
    assert browser.get(first["Location"]).status_code == 200
    assert browser.post("/settings/whatsapp/test", {**sent, "to": "0812", "idempotency_key": "l"}).status_code == 422


def test_the_settings_by_the_api_tell_the_number_and_never_the_token() -> None:
    world = make_world()
    token = create_token(user_id=world.owner.id, name="uji", by=SYSTEM, at=NOW)
    api = Client(headers={"Authorization": f"Bearer {token.text}"})
    body = {"phone": "10987654321", "token": "EAAB", "verify_token": "kata"}

    answer = api.put("/api/v1/whatsapp-settings", body, content_type="application/json").json()

    assert (answer["phone"], answer["has_token"], answer["has_app_secret"]) == ("10987654321", True, False)
    assert "token" not in answer
