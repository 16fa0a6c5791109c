"""Every page there is: it opens, breaks no rule of the browser, axe finds nothing, no table sticks out of its card, and
it fits a phone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from playwright.sync_api import Browser, Page

from niaga.portal.tests.visits import sign_in
from niaga.portal.web.door import COOKIE
from tests.browser.conftest import PATIENCE, OpenPage, cookies_of, log_in
from tests.browser.furnished import Furnished, addresses, furnish, page_at
from tests.browser.test_components import AXE, OVERFLOW, RULES
from tests.makers import make_user, make_world

CHECK = """async ([rules, exclude]) => {
  await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const how = {runOnly: rules, resultTypes: ["violations"], preload: false, selectors: false};
  const found = await axe.run({include: [["html"]], exclude: exclude.map(one => [one])}, how);
  const why = data => data?.fgColor ? ` (${data.fgColor} on ${data.bgColor}: ${data.contrastRatio})` : "";
  const said = node => node.html.slice(0, 160) + why(node.any[0]?.data);
  const shown = one => one.nodes.slice(0, 3).map(said).join(" | ");
  return found.violations.map(one => `${one.id}: ${shown(one)}`);
}"""
STICKING_OUT = """() => [...document.querySelectorAll("main table")].filter(table => {
  const card = table.closest(".card, section") || table.parentElement;
  for (let one = table.parentElement; one && one !== card.parentElement; one = one.parentElement)
    if (["auto", "scroll"].includes(getComputedStyle(one).overflowX)) return false;
  return table.getBoundingClientRect().right > card.getBoundingClientRect().right + 1;
}).map(table => table.innerText.slice(0, 80))"""
EVERYTHING = {"type": "tag", "values": RULES}
IN_THE_DARK = {"type": "rule", "values": ["color-contrast", "target-size"]}
SHARES = 3
FRAME = ["nav.rail", "header.top", "nav.phonebar"]
"""What stands around each page, the same on all: axe reads it on one page in so many."""
FRAME_EVERY = 12


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"


def people(furnished: Furnished) -> dict[str, Client]:
    """The owner, a person with a second factor, nobody, and a customer who is signed in to their own pages."""
    owner, guarded = furnished.world.owner, make_user(furnished.world.company, "owner")
    for person in (owner, guarded):
        person.set_password("a long password")
        person.save()
    TOTP.activate(guarded, generate_totp_secret())
    RecoveryCodes.activate(guarded)
    customer = Client()
    customer.cookies[COOKIE] = sign_in(furnished.portal_access)
    return {"owner": log_in(owner), "guarded": log_in(guarded), "nobody": Client(), "customer": customer}


@contextmanager
def watched(chromium: Browser, client: Client, url: str) -> Iterator[tuple[Page, list[str]]]:
    """A page of the client in the browser, and what the browser complains of."""
    context = chromium.new_context(reduced_motion="reduce")
    context.set_default_navigation_timeout(PATIENCE)
    context.add_cookies(cookies_of(client, url))
    page, faults = context.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda message: (
            faults.append(message.text)
            # Live updates are another process's; the test server has none.
            if message.type == "error" and "/live/" not in str(message.location.get("url", ""))
            else None
        ),
    )
    yield page, faults
    context.close()


def speak(page: Page, url: str, language: str) -> None:
    page.context.add_cookies([{"name": "niaga_language", "value": language, "url": url}])


def found_on(page: Page, address: str, but: Sequence[str] = ()) -> list[str]:
    """What axe finds on the page in light and in the dark, `but` what it leaves out, and at which widths it scrolls
    sideways or a table sticks out of its card."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(address)
    page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(CHECK, [EVERYTHING, list(but)])
    found += [f"a table sticks out of its card: {one}" for one in page.evaluate(STICKING_OUT)]
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    for width in (1024, 360):
        page.set_viewport_size({"width": width, "height": 780})
        if page.evaluate(OVERFLOW) > 0:
            found.append(f"scrolls sideways at {width}")
        found += [f"a table sticks out of its card at {width}: {one}" for one in page.evaluate(STICKING_OUT)]
    return found + [f"dark, narrow: {one}" for one in page.evaluate(CHECK, [IN_THE_DARK, list(but)])]


@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_keeps_the_rules_and_fits_a_phone(
    chromium: Browser, live_server: Any, tmp_path: Path, share: int
) -> None:
    furnished = furnish(tmp_path)
    clients = people(furnished)
    visits: dict[str, list[str]] = {}
    for address in addresses(furnished)[share::SHARES]:
        if who := page_at(address, clients):
            visits.setdefault(who, []).append(address)
    wrong = {}

    for who, pages in visits.items():
        with watched(chromium, clients[who], live_server.url) as (page, faults):
            for number, address in enumerate(pages):
                speak(page, live_server.url, "id")
                found = found_on(page, live_server.url + address, FRAME if number % FRAME_EVERY else ())
                speak(page, live_server.url, "en")
                page.goto(live_server.url + address)
                if page.evaluate(OVERFLOW) > 0:
                    found.append("scrolls sideways in English")
                if found + faults:
                    wrong[address] = found + faults
                faults.clear()

    assert wrong == {}
    assert sum(len(pages) for pages in visits.values()) > 40
    assert any(page.startswith("/portal/") for page in visits["customer"])


def test_a_person_logs_in_with_a_password_and_lands_on_the_start_page(open_page: OpenPage) -> None:
    world = make_world()
    world.owner.set_password("a long password")
    world.owner.save()

    page = open_page("/")
    page.fill("input[name=login]", world.owner.username)
    page.fill("input[name=password]", "a long password")
    page.press("input[name=password]", "Enter")

    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    assert page.locator("nav.rail").first.is_visible()


def test_an_empty_installation_and_pages_that_say_no_keep_the_rules(chromium: Browser, live_server: Any) -> None:
    wrong = {}

    with watched(chromium, Client(), live_server.url) as (page, _faults):
        wrong["/begin"] = found_on(page, live_server.url + "/begin")
        world = make_world()
        page.context.add_cookies(cookies_of(log_in(make_user(world.company, "cashier")), live_server.url))
        wrong["/books"] = found_on(page, live_server.url + "/books")
        wrong["/nowhere"] = found_on(page, live_server.url + "/nowhere")

    assert wrong == {"/begin": [], "/books": [], "/nowhere": []}


def test_nobody_sees_a_page_without_logging_in(open_page: OpenPage) -> None:
    make_world()

    page = open_page("/")

    assert urlsplit(page.url).path == "/account/login/"
