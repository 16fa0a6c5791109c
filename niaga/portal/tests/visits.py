"""Customers who are signed in to their own pages."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.test import Client

from niaga.core.clock import now
from niaga.messaging.models import Email
from niaga.parties.models import Contact, Customer
from niaga.parties.services.save_contact import save_contact
from niaga.portal.models import PortalAccess, PortalTicket
from niaga.portal.queries.visitors import Standing, Visitor, find_visitor
from niaga.portal.services.invite_contact import invite_contact
from niaga.portal.services.open_session import DAY, open_session
from niaga.portal.services.secrets import hash_of, new_token
from tests.makers import World


def make_contact(world: World, customer: Customer, email: str = "sari@toko.example", **facts: Any) -> Contact:
    facts = {"name": "Sari", "email": email, **facts}
    return save_contact(customer_id=customer.pk, by=world.owner, at=now(), **facts)


def mailed_link() -> str:
    """The path of the link in the latest mail."""
    text = Email.objects.order_by("-created_at", "-id").values_list("text", flat=True)[0]
    found = re.search(r"/portal/enter/[A-Za-z0-9_-]+", text)
    assert found is not None
    return found.group()


def entered(link: str) -> Client:
    browser = Client()
    answer = browser.post(link)
    assert answer.status_code == 303, answer.content
    return browser


def invited(world: World, customer: Customer, email: str = "sari@toko.example") -> Client:
    """A browser of a contact of the customer who was invited and opened the link."""
    contact = make_contact(world, customer, email)
    invite_contact(customer_id=customer.pk, contact_id=contact.pk, by=world.owner, at=now())
    return entered(mailed_link())


def sign_in(access_id: UUID) -> str:
    """Open the portal for who has an access, by a link of their own, and tell what their browser keeps of it."""
    token, at = new_token(), now()
    person_id = PortalAccess.objects.values_list("person_id", flat=True).get(pk=access_id)
    PortalTicket.objects.create(person_id=person_id, token_hash=hash_of(token), created_at=at, expires_at=at + DAY)
    return open_session(token=token, remembered=False, agent="", address=None, at=at)[0]


def visitor_by_access(access_id: UUID, *, at: datetime) -> Visitor:
    """Who stands behind an access, without a browser."""
    one = PortalAccess.objects.select_related("person", "customer", "company").get(pk=access_id)
    here = Standing(one.pk, one.customer_id, one.company_id, one.customer.name, one.company.name)
    return Visitor(
        one.pk, one.person_id, one.person.address, one.name, "id", one.company.currency, one.company.zone, at,
        here, (),
    )  # fmt: skip


def visitor_of(browser: Client) -> Visitor:
    found = find_visitor(token=browser.cookies["niaga_portal"].value, at=now())
    assert found is not None
    return found
