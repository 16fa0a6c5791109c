"""A database that dies under a form, in a real browser: it is said there, what was typed stays, and is sent once."""

import json
import os
import re
import signal
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Browser, Page

from niaga.config.embedded import SUPERUSER, Embedded
from tests.browser.conftest import PATIENCE, chromium
from tests.platform.prepared import prepared_data
from tests.platform.test_parts_die import FOUND
from tests.platform.test_up import Niaga, free_port, run_shell, wait_until

__all__ = ["chromium"]
pytestmark = pytest.mark.platform

PASSWORD = "a long password"
WITH_PASSWORD = FOUND.replace('password_hash="!"', f'password="{PASSWORD}"')
RESTARTING = "text=sedang dimulai ulang"
KEY = "[0-9a-f-]{36}"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Niaga, str]]:
    """Niaga at work, and the token of its owner."""
    niaga = Niaga(prepared_data(tmp_path_factory, "forms"), free_port())
    niaga.up()
    yield niaga, run_shell(niaga.data, WITH_PASSWORD).split()[-1]
    if niaga.process is not None and niaga.process.poll() is None:
        niaga.process.send_signal(signal.SIGCONT)
        niaga.stop()


@pytest.fixture
def page(running: tuple[Niaga, str], chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="id-ID", reduced_motion="reduce", base_url=url_of(running[0]))
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def url_of(niaga: Niaga) -> str:
    return f"http://127.0.0.1:{niaga.port}"


def post(running: tuple[Niaga, str], path: str, **body: Any) -> dict[str, Any]:
    niaga, token = running
    headers = {
        "Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": str(uuid4()),
    }  # fmt: skip
    request = urllib.request.Request(f"{url_of(niaga)}/api/v1{path}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


def log_in(page: Page) -> None:
    page.goto("/account/login/")
    page.fill("input[name=login]", "uji")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(re.compile("/$"))


def count(niaga: Niaga, table: str) -> int:
    with psycopg.connect(Embedded(niaga.data).url(user=SUPERUSER, database="niaga")) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # type: ignore[arg-type]
    assert row is not None
    return int(row[0])


@contextmanager
def without_database(niaga: Niaga) -> Iterator[None]:
    """The server is killed, and who would start it again is held for as long."""
    assert niaga.process is not None
    before = niaga.postmaster()
    niaga.process.send_signal(signal.SIGSTOP)
    os.kill(before, signal.SIGKILL)
    try:
        yield
    finally:
        niaga.process.send_signal(signal.SIGCONT)
    wait_until(lambda: niaga.postmaster_or_none() not in (None, before) and niaga.health() == 200, 60)


def test_a_customer_being_written_is_kept_and_saved_once(running: tuple[Niaga, str], page: Page) -> None:
    niaga, _token = running
    before = count(niaga, "parties_customer")
    log_in(page)
    page.goto("/customers/new")
    page.fill("input[name=name]", "Toko Tahan Banting")

    with without_database(niaga):
        page.press("input[name=name]", "Enter")
        page.wait_for_selector(RESTARTING)
        assert page.input_value("input[name=name]") == "Toko Tahan Banting"

    assert count(niaga, "parties_customer") == before
    page.press("input[name=name]", "Enter")
    page.wait_for_url(re.compile(f"/customers/{KEY}$"))
    assert count(niaga, "parties_customer") == before + 1


def test_an_offer_being_written_is_kept_and_saved_once(running: tuple[Niaga, str], page: Page) -> None:
    niaga, _token = running
    post(running, "/customers", name="Toko Makmur Jaya")
    post(running, "/products", sku="KOP-0112", name="Kopi robusta sangrai", price="98000")
    log_in(page)
    page.goto("/quotations/new")
    page.focus("#id_customer_text")
    page.keyboard.type("makmur")
    page.wait_for_selector("#id_customer_options [role=option]")
    page.keyboard.press("Enter")
    page.focus(".og-seek")
    page.keyboard.type("KOP-0112")
    page.wait_for_selector(".og-add .options [role=option]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-cell=quantity]:focus")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    page.wait_for_selector(".total .sum:has-text('1.305.360')")

    with without_database(niaga):
        page.locator("[data-save]").press("Enter")
        page.wait_for_selector(RESTARTING)
        assert page.input_value("#id_customer_text") == "Toko Makmur Jaya"
        assert "Kopi robusta sangrai" in page.inner_text("body")

    assert count(niaga, "sales_quotation") == 0
    page.locator("[data-save]").press("Enter")
    page.wait_for_url(re.compile(f"/quotations/{KEY}$"))
    assert (count(niaga, "sales_quotation"), count(niaga, "sales_quotationline")) == (1, 1)


def test_a_customer_who_is_signing_keeps_name_and_signature_and_accepts_once(
    running: tuple[Niaga, str], page: Page
) -> None:
    niaga, _token = running
    customer = post(running, "/customers", name="Toko Ramai")
    product = post(running, "/products", sku="GUL-0001", name="Gula", price="15000")
    lines = [{"product_id": product["id"], "quantity": "2"}]
    quotation = post(running, "/quotations", customer_id=customer["id"], lines=lines)
    post(running, f"/quotations/{quotation['id']}/sending", to=["sari@example.com"])
    link = post(running, f"/quotations/{quotation['id']}/links")["url"]
    page.goto("/l/" + link.rsplit("/", 1)[1])
    page.fill("#name", "Ibu Sari")
    page.locator("[data-signature] canvas").press("Enter")

    with without_database(niaga):
        page.locator("#accept button[type=submit]").click()
        page.wait_for_selector(RESTARTING)
        assert page.input_value("#name") == "Ibu Sari"
        assert page.locator("[data-signature].signed").count() == 1

    assert count(niaga, "sales_quotationanswer") == 0
    page.locator("#accept button[type=submit]").click()
    page.wait_for_selector("text=Disetujui oleh Ibu Sari")
    assert count(niaga, "sales_quotationanswer") == 1
