"""Hostile text that scripts draw: what is found as one types, the lines of a document, the palette, a message."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page

from niaga.sales.rules.lines import LineInput
from niaga.sales.services.draft_quotation import QuotationDetails, draft_quotation
from tests.browser.conftest import OpenPage
from tests.doors.conftest import HOSTILE
from tests.everything import Everything, make_everything
from tests.makers import NOW

OWNED = """[...document.querySelectorAll("x-owned, [data-owned], [onerror], img[src=q]")].map(one => one.outerHTML)"""


@pytest.fixture
def whole(tmp_path: Path, settings: Any) -> Everything:
    settings.DATA_DIR = tmp_path / "data"
    return make_everything(HOSTILE, tmp_path)


def watch(page: Page) -> list[str]:
    """What a script of the text would show; Playwright itself closes it."""
    shown: list[str] = []

    def close(dialog: Dialog) -> None:
        shown.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", close)
    return shown


def text_of(page: Page, selector: str) -> str:
    return page.locator(selector).first.inner_text()


def test_what_is_found_as_one_types_is_text(open_page: OpenPage, whole: Everything) -> None:
    page = open_page("/quotations/new", by=whole.world.owner)
    shown = watch(page)

    page.focus("#id_customer_text")
    page.keyboard.type("x-owned")
    page.wait_for_selector("#id_customer_options [role=option]")
    customer = text_of(page, "#id_customer_options [role=option]")
    page.keyboard.press("Enter")
    page.focus(".og-seek")
    page.keyboard.type(whole["sku"])
    page.wait_for_selector(".og-add .options [role=option]")
    product = text_of(page, ".og-add .options [role=option]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-cell=quantity]:focus")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    page.wait_for_selector(".total .sum:has-text('299.700')")

    assert HOSTILE in customer
    assert HOSTILE in product
    assert page.input_value("#id_customer_text") == HOSTILE
    assert (page.evaluate(OWNED), shown) == ([], [])


def test_the_lines_of_a_draft_are_text(open_page: OpenPage, whole: Everything) -> None:
    lines = [
        LineInput(kind="section", description=HOSTILE),
        LineInput(sku=whole["sku"], description=HOSTILE),
        LineInput(kind="note", description=HOSTILE),
    ]
    draft = draft_quotation(
        customer_id=whole["customer_id"], branch_id=whole.world.branch.id, details=QuotationDetails(note=HOSTILE),  # type: ignore[arg-type]
        by=whole.world.owner, lines=lines, at=NOW,
    )  # fmt: skip
    page = open_page(f"/quotations/{draft.id}/edit", by=whole.world.owner)
    shown = watch(page)

    page.wait_for_selector("[data-cell=quantity]")

    held = page.evaluate("[...document.querySelectorAll('input, textarea')].map(one => one.value)")
    drawn = sum(HOSTILE in value for value in held) + page.inner_text("main").count(HOSTILE)
    assert drawn >= 4
    assert (page.evaluate(OWNED), shown) == ([], [])


def test_the_palette_and_the_notices_show_text(open_page: OpenPage, whole: Everything) -> None:
    page = open_page("/", by=whole.world.owner)
    shown = watch(page)

    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open]")
    page.keyboard.type("x-owned")
    page.wait_for_selector("#palette [role=option]:has-text('x-owned')")
    found = page.inner_text("#palette .found")
    in_palette = page.evaluate(OWNED)
    page.keyboard.press("Escape")
    page.goto(page.url.rstrip("/") + "/notices")

    assert "<x-owned>" in found
    assert HOSTILE[:100] in page.inner_text("main")
    assert (in_palette, page.evaluate(OWNED), shown) == ([], [], [])


def test_a_message_after_saving_shows_text(open_page: OpenPage, whole: Everything) -> None:
    page = open_page(f"/quotations/{whole['quotation_id']}", by=whole.world.owner)
    shown = watch(page)

    page.evaluate("document.getElementById('save-template').showModal()")
    page.fill("dialog[open] input[name=name]", HOSTILE)
    page.locator("dialog[open] button[type=submit]").click()
    page.wait_for_selector(".toast:has-text('x-owned')")

    assert (page.evaluate(OWNED), shown) == ([], [])
