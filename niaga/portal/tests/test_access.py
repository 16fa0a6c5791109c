"""Who comes in, how long, and that nobody sees what is another's."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver

from niaga.core.clock import now
from niaga.core.models import AuditEntry, OutboxEvent
from niaga.messaging.models import Email
from niaga.parties.services.save_contact import save_contact
from niaga.portal.errors import TooOften
from niaga.portal.models import PortalAccess, PortalKnock, PortalSession, PortalTicket, PortalVisit
from niaga.portal.services.ask_sign_in import OF_ADDRESS, OF_EMAIL, ask_sign_in
from niaga.portal.services.invite_contact import invite_contact
from niaga.portal.services.revoke_access import revoke_access
from niaga.portal.services.send_sign_in import SHORT, send_sign_in
from niaga.portal.tests.visits import entered, invited, mailed_link, make_contact
from tests.doors.test_closed_doors import filled, pages
from tests.makers import log_in, make_customer, make_user, make_world

pytestmark = pytest.mark.django_db


ANYBODYS = ("/session", "/favicon.svg", "/portal", "/driving/worker.js")
"""Addresses that tell nothing of a company, and the customer's own first page."""


def test_an_invited_contact_comes_in_by_the_link_once() -> None:
    world = make_world()
    browser = invited(world, make_customer(world))
    link = mailed_link()

    page = browser.get("/portal/home")
    again = Client().post(link)

    assert page.status_code == 200
    assert page["Cache-Control"] == "private, no-store"
    assert again.status_code == 410
    assert PortalSession.objects.count() == 1
    cookie = browser.cookies["niaga_portal"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == ("/portal", True, "Lax", "")


def test_looking_at_the_link_uses_nothing_up() -> None:
    world = make_world()
    contact = make_contact(world, customer := make_customer(world))
    invite_contact(customer_id=customer.pk, contact_id=contact.pk, by=world.owner, at=now())

    assert Client().get(mailed_link()).status_code == 200
    assert PortalTicket.objects.get().used_at is None


def test_known_and_unknown_addresses_are_answered_alike() -> None:
    world = make_world()
    invited(world, make_customer(world))
    before = Email.objects.count()

    known, strange = (
        Client().post("/portal/sign-in", {"asked": one}) for one in ("sari@toko.example", "siti@toko.example")
    )
    said = [one.content.decode().partition("<main")[2].split("<footer")[0] for one in (known, strange)]
    for knock in PortalKnock.objects.all():
        send_sign_in(knock_id=knock.pk, at=now())
        send_sign_in(knock_id=knock.pk, at=now())  # told twice, mailed once

    assert said[0].replace("sari", "siti") == said[1]
    assert OutboxEvent.objects.filter(kind="SignInAsked").count() == 2
    assert Email.objects.count() == before + 1
    assert entered(mailed_link()).get("/portal/home").status_code == 200


def test_a_link_to_sign_in_ends_after_twenty_minutes() -> None:
    world = make_world()
    invited(world, make_customer(world))
    ask_sign_in(asked="SARI@toko.example ", address=None, at=now() - SHORT)
    send_sign_in(knock_id=PortalKnock.objects.get().pk, at=now() - SHORT)

    assert Client().post(mailed_link()).status_code == 410


def test_asking_is_counted_by_address_and_by_mail() -> None:
    world = make_world()
    invited(world, make_customer(world))
    for _turn in range(OF_ADDRESS):
        ask_sign_in(asked="sari@toko.example", address="10.0.0.9", at=now())

    with pytest.raises(TooOften):
        ask_sign_in(asked="siti@toko.example", address="10.0.0.9", at=now())
    ask_sign_in(asked="siti@toko.example", address="10.0.0.9", at=now() + timedelta(hours=2))

    assert OutboxEvent.objects.filter(kind="SignInAsked").count() == OF_EMAIL + 1


def test_revoked_access_ends_on_every_device_at_once() -> None:
    world = make_world()
    browser = invited(world, make_customer(world))
    access = PortalAccess.objects.get()

    revoke_access(access_id=access.pk, by=world.owner, at=now())

    assert browser.get("/portal/home")["Location"].startswith("/portal/sign-in")
    assert AuditEntry.objects.filter(subject_id=access.customer_id, verb="portal_revoke").count() == 1


def test_access_ends_when_the_contact_is_put_away_or_has_another_address() -> None:
    world = make_world()
    customer = make_customer(world)
    browser = invited(world, customer)
    contact_id = PortalAccess.objects.get().contact_id

    save_contact(
        customer_id=customer.pk, contact_id=contact_id, email="baru@toko.example", by=world.owner, at=now()
    )  # fmt: skip

    assert browser.get("/portal/home").status_code == 302


def test_one_person_stands_for_several_customers_and_switches() -> None:
    world = make_world()
    first, second = make_customer(world, name="Aneka"), make_customer(world, name="Zamrud")
    invited(world, first)
    browser = invited(world, second)
    access = PortalAccess.objects.get(customer=second)
    assert "Aneka" in browser.get("/portal/profile").content.decode()

    browser.post("/portal/customer", {"customer": str(access.pk)})
    strange = browser.post("/portal/customer", {"customer": str(world.owner.pk)})

    assert "<h1>Zamrud</h1>" in browser.get("/portal/profile").content.decode()
    assert strange.status_code == 404


def test_a_customers_session_opens_no_office_page_and_an_office_account_no_portal_page() -> None:
    world = make_world()
    customer = make_customer(world)
    browser, office = invited(world, customer), log_in(make_user(world.company, "owner"))
    browser.cookies["niaga_session"] = browser.cookies["niaga_portal"].value
    ids, wrong = {"order_id": str(customer.pk), "customer_id": str(customer.pk)}, []

    for route, _names in pages(get_resolver()):
        answer = browser.get(filled(route, ids))
        if (
            route != "/portal"
            and answer.status_code == 200
            and customer.name in answer.content.decode(errors="replace")
        ):
            wrong.append(route)
        if answer.status_code not in (302, 404, 405, 401, 403) and route not in ANYBODYS:
            wrong.append(f"{route} {answer.status_code}")
    closed = {office.get(f"/portal/{one}").status_code for one in ("home", "invoices", "orders", "profile", "cases")}

    assert (wrong, closed) == ([], {302})


def test_who_looked_is_noted_once_in_ten_minutes() -> None:
    world = make_world()
    browser = invited(world, make_customer(world))

    for page in ("home", "home", "orders"):
        browser.get(f"/portal/{page}")

    assert sorted(PortalVisit.objects.values_list("page", flat=True)) == ["home", "orders"]
