"""Links to the portal by WhatsApp: one message each, read by nobody but who gets it, and a reason where none can go."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from niaga.core.clock import now
from niaga.core.errors import Refusal
from niaga.messaging.models import Email, WhatsappMessage, WhatsappTemplate
from niaga.messaging.services.change_whatsapp_settings import change_whatsapp_settings
from niaga.messaging.services.forget_secrets import forget_secrets
from niaga.messaging.services.retry_whatsapp import LinkGone, retry_whatsapp
from niaga.messaging.services.save_whatsapp_template import save_whatsapp_template
from niaga.messaging.services.send_whatsapp import send_whatsapp
from niaga.organization.access import SYSTEM
from niaga.parties.models import Customer
from niaga.parties.services.record_consent import record_consent
from niaga.parties.services.save_contact import save_contact
from niaga.portal.errors import InvitedJustNow, NoMobile, NoTemplate, WhatsappNotSetUp, WhatsappRefused
from niaga.portal.models import PortalAccess, PortalKnock, PortalPerson, PortalTicket
from niaga.portal.services.ask_sign_in import ask_sign_in
from niaga.portal.services.invite_contact import WEEK, invite_contact
from niaga.portal.services.save_settings import save_settings
from niaga.portal.services.send_sign_in import SHORT, send_sign_in
from niaga.portal.tests.visits import entered, make_contact
from tests.makers import World, log_in, make_customer, make_world
from tests.servers.whatsapp import FakeWhatsapp, whatsapp_server

pytestmark = pytest.mark.django_db
NUMBER = "+628123456789"
WORDS = "Halo {{contact.name}}, halaman {{customer.name}} di {{company.name}}: {{link}} Berlaku {{valid}}."


def line(world: World) -> None:
    change_whatsapp_settings(company_id=world.company.id, phone_id="1", token="t", by=SYSTEM, at=now())


def template(world: World, *, text: str = WORDS, chosen: bool = True) -> None:
    save_whatsapp_template(name="tautan", language="id", text=text, state="approved", by=world.owner, at=now())
    if chosen:
        save_settings(
            company_id=world.company.id, is_open=True, shows_credit=False, takes_returns=True, welcome="",
            whatsapp_template="tautan", by=world.owner, at=now(),
        )  # fmt: skip


@pytest.fixture
def world() -> World:
    world = make_world()
    line(world)
    template(world)
    return world


@pytest.fixture
def customer(world: World) -> Customer:
    return make_customer(world, name="Toko Sari")


def invite(world: World, customer: Customer, **facts: Any) -> PortalAccess:
    contact = make_contact(world, customer, **{"email": "", "phone": NUMBER, **facts})
    return invite_contact(
        customer_id=customer.pk, contact_id=contact.pk, by_whatsapp=True, by=world.owner, at=now()
    )  # fmt: skip


def send(fake: FakeWhatsapp, settings: Any) -> WhatsappMessage:
    settings.WHATSAPP_URL = fake.url
    message = WhatsappMessage.objects.latest("created_at", "id")
    send_whatsapp(message_id=message.pk, clock=now)
    return WhatsappMessage.objects.get(pk=message.pk)


def link_in(fake: FakeWhatsapp) -> str:
    found = re.search(r"/portal/enter/[A-Za-z0-9_-]{32}", str(fake.bodies[-1]))
    assert found is not None
    return found[0]


def test_a_contact_without_mail_comes_in_by_a_link_in_whatsapp_that_nobody_here_can_read(
    world: World, customer: Customer, settings: Any
) -> None:
    access = invite(world, customer)
    waiting = WhatsappMessage.objects.get()

    with whatsapp_server() as fake:
        sent = send(fake, settings)

    browser = entered(link_in(fake))
    assert browser.get("/portal/home").status_code == 200
    assert NUMBER in browser.get("/portal/profile").content.decode()
    assert (access.person.phone, access.person.email) == (NUMBER, "")
    assert (waiting.to, waiting.secret, waiting.text.count("•••")) == (NUMBER, True, 1)
    assert "enter" not in f"{waiting.text}{waiting.values}{waiting.sealed}"
    assert (sent.status, sent.sealed, fake.taken) == ("sent", "", {str(sent.pk): 1})
    page = log_in(world.owner).get(f"/messages/whatsapp/{sent.pk}").content.decode()
    assert "7 hari" in page
    assert "/portal/enter/" not in page
    assert Email.objects.count() == 0


def test_they_sign_in_again_with_their_number_as_it_is_typed(world: World, customer: Customer, settings: Any) -> None:
    invite(world, customer)
    answer = Client().post("/portal/sign-in", {"asked": " 0812-345-6789"})
    knock = PortalKnock.objects.get()

    first, again = send_sign_in(knock_id=knock.pk, at=now()), send_sign_in(knock_id=knock.pk, at=now())
    with whatsapp_server() as fake:
        message = send(fake, settings)

    assert (answer.status_code, knock.asked) == (200, NUMBER)
    assert (first, again) == (message.pk, None)
    assert "20 menit" in message.text
    assert entered(link_in(fake)).get("/portal/home").status_code == 200


def test_what_is_neither_an_address_nor_a_number_is_told_and_nothing_is_noted() -> None:
    make_world()

    answer = Client().post("/portal/sign-in", {"asked": "sari"})

    assert answer.status_code == 422
    assert PortalKnock.objects.count() == 0


def test_an_uncertain_message_is_shown_where_they_are_invited_and_goes_again_only_by_a_person(
    world: World, customer: Customer, settings: Any
) -> None:
    access = invite(world, customer)
    with whatsapp_server("error") as fake:
        message = send(fake, settings)
        send_whatsapp(message_id=message.pk, clock=now)
        page = log_in(world.owner).get(f"/customers/{customer.pk}/portal").content.decode()
        fake.answer = "ok"
        retry_whatsapp(message_id=message.pk, by=world.owner, at=now())
        again = send(fake, settings)

    assert (message.status, message.sealed != "") == ("uncertain", True)
    assert f"/messages/whatsapp/{message.pk}" in page
    assert (again.status, again.sealed, fake.taken[str(message.pk)]) == ("sent", "", 2)
    assert access.revoked_at is None


def test_the_link_of_a_message_that_never_went_is_forgotten_with_it(world: World, customer: Customer) -> None:
    invite(world, customer)
    WhatsappMessage.objects.update(status="failed")
    (message,) = WhatsappMessage.objects.all()

    early, late = forget_secrets(at=now()), forget_secrets(at=now() + WEEK + timedelta(hours=1))

    assert (early, late) == (0, 1)
    with pytest.raises(LinkGone):
        retry_whatsapp(message_id=message.pk, by=world.owner, at=now())
    assert WhatsappMessage.objects.get().status == "failed"


def test_a_link_that_works_no_longer_is_neither_sent_nor_kept(world: World, customer: Customer, settings: Any) -> None:
    invite(world, customer)
    WhatsappMessage.objects.update(status="sent", sealed="")
    ask_sign_in(asked=NUMBER, address=None, at=now())
    key = send_sign_in(knock_id=PortalKnock.objects.get().pk, at=now())
    assert key is not None
    late = now() + SHORT

    with whatsapp_server() as fake:
        settings.WHATSAPP_URL = fake.url
        status = send_whatsapp(message_id=key, clock=lambda: late)

    message = WhatsappMessage.objects.get(pk=key)
    assert (status, message.reason, fake.bodies) == ("failed", "wa_link_gone", [])
    with pytest.raises(LinkGone):
        retry_whatsapp(message_id=key, by=world.owner, at=late)
    assert (forget_secrets(at=now()), forget_secrets(at=late)) == (0, 1)
    assert WhatsappMessage.objects.get(pk=key).status == "failed"


def refused(world: World, customer: Customer, **facts: Any) -> Refusal:
    before = (PortalPerson.objects.count(), PortalTicket.objects.count(), WhatsappMessage.objects.count())
    with pytest.raises(Refusal) as raised:
        invite(world, customer, **facts)
    assert (PortalPerson.objects.count(), PortalTicket.objects.count(), WhatsappMessage.objects.count()) == before
    return raised.value


def test_what_stands_in_the_way_of_whatsapp_is_said_and_nothing_is_written() -> None:
    world = make_world()
    customer = make_customer(world)

    assert isinstance(refused(world, customer), WhatsappNotSetUp)
    line(world)
    template(world, chosen=False)
    assert isinstance(refused(world, customer), NoTemplate)
    template_id = world.company.id
    save_settings(
        company_id=template_id, is_open=True, shows_credit=False, takes_returns=True, welcome="",
        whatsapp_template="tautan", by=world.owner, at=now(),
    )  # fmt: skip
    assert isinstance(refused(world, customer, phone="+62315310001"), NoMobile)
    record_consent(
        customer_id=customer.pk, purpose="billing_whatsapp", given=False, source="Telepon", by=world.owner, at=now()
    )
    assert isinstance(refused(world, customer), WhatsappRefused)
    page = log_in(world.owner).get(f"/customers/{customer.pk}/portal").content.decode()
    assert 'value="whatsapp"' not in page


def test_a_template_without_the_link_cannot_be_chosen() -> None:
    world = make_world()

    with pytest.raises(NoTemplate):
        template(world, text="Halo {{contact.name}}, apa kabar?")


def test_a_template_that_whatsapp_took_back_stays_chosen_while_other_settings_are_saved(world: World) -> None:
    WhatsappTemplate.objects.update(state="rejected")

    page = log_in(world.owner).get("/settings/portal").content.decode()
    saved = save_settings(
        company_id=world.company.id, is_open=True, shows_credit=True, takes_returns=True, welcome="",
        whatsapp_template="tautan", by=world.owner, at=now(),
    )  # fmt: skip

    assert '<option value="tautan" selected>' in page
    assert (saved.shows_credit, saved.whatsapp_template) == (True, "tautan")


def test_twice_within_a_minute_is_one_message(world: World, customer: Customer) -> None:
    access = invite(world, customer)

    with pytest.raises(InvitedJustNow):
        invite_contact(
            customer_id=customer.pk, contact_id=access.contact_id, by_whatsapp=True, by=world.owner, at=now()
        )  # fmt: skip
    invite_contact(
        customer_id=customer.pk, contact_id=access.contact_id, by_whatsapp=True, by=world.owner,
        at=now() + timedelta(minutes=2),
    )  # fmt: skip

    assert (PortalAccess.objects.count(), WhatsappMessage.objects.count()) == (1, 2)


def test_access_by_a_number_ends_when_the_contact_has_another(world: World, customer: Customer, settings: Any) -> None:
    access = invite(world, customer)
    with whatsapp_server() as fake:
        send(fake, settings)
    browser = entered(link_in(fake))

    save_contact(
        customer_id=customer.pk, contact_id=access.contact_id, phone="+628999999999", by=world.owner, at=now()
    )  # fmt: skip

    assert browser.get("/portal/home").status_code == 302
    ask_sign_in(asked=NUMBER, address=None, at=now())
    assert send_sign_in(knock_id=PortalKnock.objects.get().pk, at=now()) is None
