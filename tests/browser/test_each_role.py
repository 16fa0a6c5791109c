"""Each standard role walks its places: it lands on its start page, finds in the navigation exactly what opens for it,
and nothing that its pages offer is refused to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from lxml import html
from playwright.sync_api import Browser, Page

from niaga.organization.access import SYSTEM, access_of
from niaga.organization.models import User
from niaga.organization.rules.roles import STANDARD_ROLES
from niaga.organization.services.grant_role import grant_role
from niaga.organization.services.revoke_role import revoke_role
from niaga.parties.models import Customer
from niaga.ui.registry.navigation import navigation
from tests.browser.conftest import log_in
from tests.browser.furnished import Furnished, furnish
from tests.browser.test_components import OVERFLOW
from tests.browser.test_every_page import STICKING_OUT, watched
from tests.doors.rights_of_forms import FORMS
from tests.makers import NOW, make_user

PASSWORD = "a long password"
ALL = {"owner", "administrator"}
"""Nothing is refused to these; `test_every_page` opens every page as the owner."""
NOT_FOLLOWED = ("/account/", "/api/", "/static/", "/live/", "/healthz", "/sandbox/", "/papers/")
"""The framework's own log-in, what is for machines, and papers, which are drawn slowly."""
REFUSED = {403, 404, 405}


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"


@dataclass
class Offered:
    """Where the pages of a role lead, by the route that serves it: one address each with the page that offers it, and
    what a form would send."""

    links: dict[str, tuple[str, str]] = field(default_factory=dict)
    forms: dict[str, tuple[str, str, dict[str, str]]] = field(default_factory=dict)

    def read(self, page: str, text: str) -> None:
        for address, sent in _doors(page, text):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc or parts.path.startswith(NOT_FOLLOWED):
                continue
            route = route_of(parts.path)
            if sent is None:
                self.links.setdefault(route, (page, address))
            else:
                self.forms.setdefault(route, (page, address, sent))


@cache
def route_of(path: str) -> str:
    """What serves the path. Remembered: every page bears the whole navigation, and resolving is not cheap."""
    try:
        return resolve(path).route
    except Resolver404:
        return path


def _doors(page: str, text: str) -> Iterator[tuple[str, dict[str, str] | None]]:
    """Each address on the page; with the fields of its form where it is a deed. A form without a button is only read,
    and one that scripts aim at a row has no address of its own."""
    for one in html.fromstring(text).iter("a", "button", "form", "div", "tr"):
        for name in ("href", "hx-get"):
            if (address := one.get(name)) and not address.startswith("#"):
                yield urljoin(page, address), None
        for name in ("hx-post", "formaction"):
            if one.tag != "form" and (address := one.get(name)):
                yield urljoin(page, address), {}
        if one.tag != "form" or not one.xpath(".//button[not(@type) or @type='submit']"):
            continue
        address = urljoin(page, one.get("action") or page)
        if (one.get("method") or "").lower() != "post":
            yield address, None
        elif not address.endswith("/"):
            yield address, {name: value for name, value in one.form_values() if isinstance(value, str)}


def become(person: User, code: str, furnished: Furnished) -> User:
    """The person who did all of it has just this role from now on."""
    for membership in person.memberships.all():
        revoke_role(membership_id=membership.id, by=SYSTEM, at=NOW)
    grant_role(
        user_id=person.pk, company_id=furnished.world.company.id, role=code, branch_id=furnished.world.branch.id,
        by=SYSTEM, at=NOW,
    )  # fmt: skip
    return User.objects.get(pk=person.pk)


class Reader:
    """What a person is answered. Each address is asked once."""

    def __init__(self, person: User) -> None:
        self.client = log_in(person)
        self.client.raise_request_exception = False
        self._answers: dict[str, Any] = {}

    def get(self, address: str) -> Any:
        if address not in self._answers:
            self._answers[address] = self.client.get(address)
        return self._answers[address]


def opened_by(reader: Reader) -> set[str]:
    """The places of the house that open for the person, whatever their navigation shows."""
    places = {reverse(one.url_name, kwargs=one.url_kwargs or None) for one in navigation}
    return {place for place in places if reader.get(place).status_code == 200}


def look_of(text: str) -> int:
    """The same for pages whose main part has the same marks and words, but for figures and keys."""
    main = html.fromstring(text).find(".//main")
    marks = [(str(one.tag), one.get("class", ""), one.text, one.tail) for one in main.iter()]
    return hash(re.sub(r"\d+", "", repr(marks)))


def sign_in(page: Page, url: str, person: User) -> str:
    """By name and password, as people do. Where they land."""
    page.goto(url + "/account/login/")
    page.fill("input[name=login]", person.username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda now: "/account/" not in now)
    return urlsplit(page.url).path


def walk(
    page: Page, url: str, reader: Reader, places: set[str], faults: list[str], seen: set[tuple[str, int]]
) -> tuple[Offered, list[str]]:
    """Each place, wide and as on a phone: what it offers, and what is wrong with it. What another role `seen` there the
    very same is not drawn again, only read."""
    offered, found = Offered(), list[str]()
    for place in sorted(places):
        text = reader.get(place).content.decode()
        offered.read(place, text)
        look = (place, look_of(text))
        if look in seen:
            continue
        seen.add(look)
        page.set_viewport_size({"width": 1280, "height": 900})
        answer = page.goto(url + place)
        if answer is None or answer.status != 200:
            found.append(f"{place} does not open")
        offered.read(place, page.content())
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 780})
            if page.evaluate(OVERFLOW) > 0 or page.evaluate(STICKING_OUT):
                found.append(f"{place} scrolls sideways at {width}")
        found += [f"{place}: {fault}" for fault in faults]
        faults.clear()
    return offered, found


def refused(reader: Reader, person: User, offered: Offered) -> list[str]:
    """What the pages offer and then refuse: those of the places, and the pages that these lead to.

    Of a form whose right is known the right decides, since `tests/doors` shows that it does; another one is sent, and
    what it did is undone.
    """
    rights = {resolve(_any(route)).route: right.split() for route, (right, _body) in FORMS.items()}
    wrong, access, done = [], access_of(person), set[str]()
    for is_last in (False, True):
        for route in [one for one in offered.links if one not in done]:
            done.add(route)
            page, address = offered.links[route]
            answer = reader.get(address)
            if answer.status_code in REFUSED or answer.status_code >= 500:
                wrong.append(f"{page} leads to {address}: {answer.status_code}")
            elif (
                not is_last
                and answer.headers.get("Content-Type", "").startswith("text/html")
                and answer.content.strip()
            ):
                offered.read(urlsplit(address).path, answer.content.decode())
    for route, (page, address, sent) in offered.forms.items():
        if route in rights and access.allows(*rights[route]):
            continue
        with transaction.atomic():
            status = reader.client.post(address, sent).status_code
            transaction.set_rollback(True)
        if status in REFUSED or status >= 500 or (status == 422 and route in rights):
            wrong.append(f"{page} offers {address}: {status}")
    return wrong


def _any(route: str) -> str:
    return re.sub(r"{\w+}", "01900000-0000-7000-8000-000000000000", route).partition("?")[0]


def test_each_role_finds_its_places_and_is_refused_nothing_that_they_offer(
    chromium: Browser, live_server: Any, tmp_path: Path
) -> None:
    furnished = furnish(tmp_path)
    make_user(furnished.world.company, "owner")  # somebody manages users throughout
    person, wrong, seen = furnished.world.owner, {}, set[tuple[str, int]]()
    person.set_password(PASSWORD)
    person.save()
    Customer.objects.filter(company=furnished.world.company).update(salesperson=person, branch=furnished.world.branch)

    for code in sorted(STANDARD_ROLES.keys() - ALL):
        person = become(person, code, furnished)
        reader = Reader(person)
        may = opened_by(reader)
        with watched(chromium, Client(), live_server.url) as (page, faults):
            start = sign_in(page, live_server.url, person)
            shown = page.eval_on_selector_all("nav.rail a[href]", "all => all.map(one => one.getAttribute('href'))")
            offered, found = walk(page, live_server.url, reader, may, faults, seen)
        found += refused(reader, person, offered)
        if (set(shown), start) != (may, "/"):
            found.append(f"starts at {start}; of its places, shown or opened only: {set(shown) ^ may}")
        if found:
            wrong[code] = found

    assert wrong == {}
