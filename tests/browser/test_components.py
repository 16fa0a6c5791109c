"""What only a real browser can tell: the content policy holds, axe finds nothing, keys and the order grid work."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, Page

from niaga.ui import registry
from tests.browser.conftest import PATIENCE

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("niaga.ui.tests.urls"),
    pytest.mark.usefixtures("empty_registries"),
]


@pytest.fixture
def empty_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """The frame without what the apps put into it."""
    for name in ("badges", "search", "commands", "chain", "customer_panel", "navigation", "identity", "notices"):
        monkeypatch.setattr(getattr(registry, name), "_items", {})


def cookies_of_dewi(url: str) -> list[Any]:
    person = get_user_model().objects.create_user(username="dewi", email="d@example.com", name="Dewi Wulandari")
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return [{"name": name, "value": cookie.value, "url": url} for name, cookie in client.cookies.items()]


def opened(
    chromium: Browser, url: str, *, width: int = 1400, theme: str = "light", cookies: list[Any], axe: bool = False
) -> tuple[Page, list[str]]:
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=theme, bypass_csp=axe)  # type: ignore[arg-type]
    context.set_default_navigation_timeout(PATIENCE)
    context.add_cookies(cookies)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    return page, errors


def test_every_component_keeps_the_policy_and_axe_finds_nothing(chromium: Browser, live_server: Any) -> None:
    cookies = cookies_of_dewi(live_server.url)

    for width in (1400, 360):
        for theme in ("light", "dark"):
            page, errors = opened(chromium, f"{live_server.url}/ui/", width=width, theme=theme, cookies=cookies)
            assert errors == []
            assert page.evaluate(OVERFLOW) == 0, f"scrolls sideways at {width}"
            page.context.close()

            page, _ = opened(chromium, f"{live_server.url}/ui/", width=width, theme=theme, cookies=cookies, axe=True)
            page.evaluate(AXE.read_text("utf-8"))
            found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
            assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
            page.context.close()


def test_the_palette_opens_by_key_and_escape_closes_it(chromium: Browser, live_server: Any) -> None:
    page, errors = opened(chromium, f"{live_server.url}/samples", cookies=cookies_of_dewi(live_server.url))

    page.keyboard.press("Control+k")
    page.locator("#palette[open]").wait_for()
    page.keyboard.press("Escape")

    assert page.locator("#palette[open]").count() == 0
    assert errors == []


def test_lines_are_written_by_keyboard_and_come_back_after_a_reload(chromium: Browser, live_server: Any) -> None:
    page, errors = opened(chromium, f"{live_server.url}/grid", cookies=cookies_of_dewi(live_server.url))

    page.locator(".og-seek").fill("gul")
    page.locator("#og-found [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    page.keyboard.type("12,5")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Rp\u00a01.150.000").wait_for()
    assert "og-seek" in page.evaluate("document.activeElement.className")
    page.wait_for_timeout(600)
    page.reload()

    page.locator(".note.banner").wait_for()
    assert page.locator("input[data-cell=quantity]").input_value() == "12,5"
    assert errors == []


def test_a_thousand_pasted_lines_are_all_there(chromium: Browser, live_server: Any) -> None:
    page, errors = opened(chromium, f"{live_server.url}/grid", cookies=cookies_of_dewi(live_server.url))
    rows = "SKU\tJumlah\n" + "\n".join(f"GUL-0040\t{number}" for number in range(1, 1001))

    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const field = document.querySelector(".og-seek");
          field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        rows,
    )
    page.locator(".og-line .sub", has_text="92.000.000").wait_for()

    assert page.locator(".og-line").count() == 1000
    assert errors == []
