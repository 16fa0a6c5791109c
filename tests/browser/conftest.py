"""A real Chromium, and people who are logged in."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from niaga.organization.models import User
from niaga.ui.assets import manifest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The lightest first: without a window it takes a third less of the processor."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if path is None or not manifest():
        lacking = f"Chromium is missing: apt-get install {PROGRAMS[0]}"
        missing = lacking if path is None else "The front end is not built"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's own loop runs in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


OpenPage = Callable[..., Page]
PATIENCE = 120_000
"""Milliseconds that a page may take to open: a slow machine is no fault of the page."""


def log_in(person: User) -> Client:
    """A client of a person who has just given their password."""
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client


def cookies_of(client: Client, url: str) -> list[Any]:
    return [{"name": name, "value": cookie.value, "url": url} for name, cookie in client.cookies.items()]


@pytest.fixture
def open_page(chromium: Browser, live_server: Any) -> Iterator[OpenPage]:
    """Opens a path as a person; at the end nothing may have gone wrong in any page: no script error, no violation of
    the content policy, no failed request."""
    contexts, faults = [], []

    def open_page(
        path: str, *, by: User | None = None, width: int = 1400, ready: str = "load", comes_back: bool = False,
        suffers: tuple[str, ...] = (),
    ) -> Page:  # fmt: skip
        """`comes_back` says that a form of the page is refused on purpose: the browser notes its 422 as an error.
        `suffers` is what else goes wrong on purpose, such as a connection that is cut."""
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="id-ID", reduced_motion="reduce"
        )
        context.set_default_navigation_timeout(PATIENCE)
        contexts.append(context)
        if by is not None:
            context.add_cookies(cookies_of(log_in(by), live_server.url))
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                faults.append(f"{page.url}: {message.text}")
                # Live updates are another process's; the test server has none.
                if message.type == "error"
                and "/live/" not in str(message.location.get("url", ""))
                and not (comes_back and "status of 422" in message.text)
                and not any(one in message.text for one in suffers)
                else None
            ),
        )
        page.goto(live_server.url + path, wait_until=ready)  # type: ignore[arg-type]
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
