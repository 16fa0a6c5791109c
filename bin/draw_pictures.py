"""Draw the pictures of docs/after-the-order.md and docs/roles.md from a running demo company: `make up`, and then

    .venv/bin/python bin/draw_pictures.py http://localhost:8000          # further words: the beginnings of names

Chromium comes from the system. Pages are found as a person finds them, by the links of lists. The demo's invitation to
the portal signs in once: draw from a demo that is fresh.
"""

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

SCREENS = Path(__file__).resolve().parents[1] / "docs" / "screens"
PHONE, DESK = {"width": 360, "height": 780}, {"width": 1280, "height": 860}


@dataclass(frozen=True)
class Picture:
    """`path` is a page, or a list whose first link that matches `then` leads to it. `who` looks: the owner
    ("office"), a customer, or a person of the demo by their log-in."""

    name: str
    path: str
    then: str = ""
    phone: bool = False
    dark: bool = False
    who: str = "office"


ID = "[0-9a-f-]{36}"
PICTURES = [
    Picture("20-delivery-week", "/deliveries/week"),
    Picture("22-lots", "/stock/lots"),
    Picture("23-tukar-faktur", "/exchange-rounds", f"/exchange-rounds/{ID}$", phone=True),
    Picture("24-bank-statement", "/bank/lines"),
    Picture("25-ageing", "/ageing"),
    Picture("26-calls-to-make", "/calls"),
    Picture("27-return", "/returns", f"/returns/{ID}$"),
    Picture("28-portal-phone", "/portal/home", phone=True, who="customer"),
    Picture(
        "29-portal-invoice-dark", "/portal/invoices", f"/portal/invoices/{ID}$", phone=True, dark=True, who="customer"
    ),
    Picture("30-written-off", "/write-offs"),
    Picture("31-delivery-month", "/deliveries/month"),
    Picture("32-driver-phone", "/driving", phone=True, who="driver"),
    Picture("33-drop-ship", "/drop-ships", f"/drop-ships/{ID}$"),
    Picture("34-late-fees", "/late-fees"),
    Picture("35-margins", "/margins"),
    Picture("36-at-the-door", "/doors"),
    Picture("37-plan-a-day", "/deliveries/day"),
    Picture("38-owed-by-suppliers", "/returns/supplier-credits"),
    Picture("40-salesperson-phone", "/", phone=True, who="maya"),
    Picture("41-sales-manager", "/approvals", who="manager"),
    Picture("42-sales-admin", "/orders", who="salesadmin"),
    Picture("43-warehouse", "/deliveries", who="warehouse"),
    Picture("44-finance", "/", who="finance"),
    Picture("45-cashier", "/products", who="cashier"),
    Picture("46-auditor-dark", "/margins", who="auditor", dark=True),
]


def log_in(context: BrowserContext, base: str, name: str) -> None:
    page = context.new_page()
    page.goto(f"{base}/account/login/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", "niaga-demo")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/account/login" not in url)
    page.close()


def first_link(page: Page, wanted: str) -> str:
    for link in page.locator("a[href]").all():
        address = link.get_attribute("href") or ""
        if re.search(wanted, address):
            return address
    raise SystemExit(f"{page.url} has no link like {wanted}")


def sign_in(office: BrowserContext, customer: BrowserContext, base: str) -> None:
    """As the customer does whom the demo invited: by the link in their mail."""
    page = office.new_page()
    page.goto(f"{base}/mailbox?q=wulan")
    page.goto(base + first_link(page, f"/mailbox/{ID}$"))
    found = re.search(r"/portal/enter/[A-Za-z0-9_-]{32}", page.content())
    if found is None:
        raise SystemExit("the demo's mailbox has no invitation to the portal")
    page.close()
    page = customer.new_page()
    page.goto(base + found[0])
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/portal/home")
    page.close()


def draw(context: BrowserContext, base: str, one: Picture) -> None:
    page = context.new_page()
    page.set_viewport_size(PHONE if one.phone else DESK)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="dark" if one.dark else "light", reduced_motion="reduce")
    page.goto(base + one.path)
    if one.then:
        page.goto(base + first_link(page, one.then))
    page.wait_for_timeout(800)
    page.screenshot(path=str(SCREENS / f"{one.name}.png"))
    page.close()


def main(base: str, wanted: tuple[str, ...]) -> None:
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        chosen = [one for one in PICTURES if not wanted or one.name.startswith(wanted)]
        people = {who: browser.new_context(locale="id-ID") for who in {"office", *(one.who for one in chosen)}}
        for who in people.keys() - {"customer"}:
            log_in(people[who], base, "owner" if who == "office" else who)
        if "customer" in people:
            sign_in(people["office"], people["customer"], base)
        for one in chosen:
            draw(people[one.who], base, one)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000", tuple(sys.argv[2:]))
