"""Every page that the navigation leads to: it opens, breaks no rule of the browser, and fits a phone."""

from decimal import Decimal
from urllib.parse import urlsplit

from playwright.sync_api import Page

from niaga.sales.rules.lines import LineInput
from tests.browser.conftest import OpenPage
from tests.makers import World, make_issued_invoice, make_payment, make_product, make_quotation, make_world

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LINKS = "links => links.map(link => link.getAttribute('href'))"


def busy_world() -> World:
    """A company with one document of each kind."""
    world = make_world()
    product = make_product(world, stock=100, price=Decimal(92_000), cost=Decimal(70_000))
    lines = [LineInput(sku=product.sku, quantity=Decimal(3))]
    make_quotation(world, lines)
    invoice = make_issued_invoice(world, lines)
    make_payment(world, invoice.customer_id, 50_000, invoices=[(invoice.id, None)])
    return world


def places(page: Page) -> list[str]:
    found = page.eval_on_selector_all("nav.rail a[href^='/']", LINKS)
    return list(dict.fromkeys(link for link in found if not link.startswith("/account/logout")))


def first_documents(page: Page) -> list[str]:
    """The first link of each list's rows."""
    found = page.eval_on_selector_all("main table tbody tr:first-child a[href^='/']", LINKS)
    return [link for link in dict.fromkeys(found) if not urlsplit(link).path.endswith((".pdf", ".xlsx", ".csv"))][:2]


def test_every_place_and_its_first_document_open_without_a_fault(open_page: OpenPage) -> None:
    world = busy_world()
    page = open_page("/", by=world.owner)
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    waiting, seen, wrong = places(page), set(), []
    assert len(waiting) >= 5

    while waiting:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = page.goto(origin + path)
        if answer is None or answer.status >= 400:
            wrong.append(f"{path}: {answer and answer.status}")
            continue
        if len(seen) < 40:
            waiting.extend(first_documents(page))

    assert wrong == []


def test_no_place_scrolls_sideways_on_a_phone(open_page: OpenPage) -> None:
    world = busy_world()
    page = open_page("/", by=world.owner, width=360)
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    wide = []

    for path in places(page):
        page.goto(origin + path)
        if page.evaluate(OVERFLOW) > 0:
            wide.append(path)

    assert wide == []


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


def test_nobody_sees_a_page_without_logging_in(open_page: OpenPage) -> None:
    make_world()

    page = open_page("/")

    assert urlsplit(page.url).path == "/account/login/"
