"""HTML, template marks and formulas in every text: shown as typed on every page and in every file, and inert."""

import csv
import io
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import orjson
import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from python_calamine import CalamineWorkbook

from niaga.sales.models import Quotation, QuotationLine, QuotationTemplate
from tests.doors.test_closed_doors import filled, pages, person, program
from tests.everything import make_everything
from tests.openapi import free_texts, operations, smallest

pytestmark = pytest.mark.django_db

HOSTILE = '=1+1"\' data-owned=1 z="<x-owned><img src=q onerror=alert(1)></script><script>alert(2)</script>{{7*7}}{%x%}'
"""Cut after forty signs it still breaks out of an attribute, makes an element and begins a formula."""


class Owned(HTMLParser):
    """Finds what the text made of itself: an element, an attribute, a script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _value in attrs}
        if tag == "x-owned" or names & {"data-owned", "onerror"} or dict(attrs).get("src") == "q":
            self.found.append(self.get_starttag_text() or tag)

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script" and "alert(" in data:
            self.found.append(data)


def test_on_no_page_does_text_become_markup(tmp_path: Path) -> None:
    whole = make_everything(HOSTILE, tmp_path)
    browser, wrong, shown = person(whole.world.owner), [], 0

    addresses = [filled(route, whole.ids) for route, _names in pages(get_resolver())]
    for address in [*addresses, *whole.links, "/search?q=KOP", "/quotations?q=%3Cx-owned%3E%22%20data-owned=1"]:
        for headers in ({}, {"HX-Request": "true"}):
            answer = browser.get(address, headers=headers)
            if answer.status_code >= 500:
                wrong.append(f"{address}: {answer.status_code}")
            if answer.streaming or "html" not in answer.headers.get("Content-Type", ""):
                continue
            page = answer.content.decode()
            shown += "&lt;x-owned&gt;" in page
            wrong += [f"{address}: {found}" for found in Owned(page).found]
            wrong += [f"{address}: a template mark was read"] * (
                "49" in page and "{{7*7}}" not in page and "=1+1" in page
            )

    assert not wrong, "\n".join(wrong)
    assert shown > 60


LISTS = (
    "/customers", "/products", "/price-lists", "/quotations", "/orders", "/deliveries", "/invoices", "/payments",
    "/stock", "/stock/moves", "/stock/lots", "/stock/receipts", "/stock/expected", "/stock/adjustments",
    "/stock/transfers", "/picking", "/history", "/books/journal", "/settings/users", "/settings/branches", "/mailbox",
)  # fmt: skip
SIGNS = ("=", "+", "@", "\t", "\r")
"""A cell that begins with one of these is a formula to a spreadsheet; a minus is one only before something else."""


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_in_no_exported_file_does_text_become_a_formula(tmp_path: Path, kind: str) -> None:
    whole = make_everything(HOSTILE, tmp_path)
    browser = person(whole.world.owner)
    wrong, cells = [], []

    for address in LISTS:
        answer = browser.get(f"{address}?export={kind}")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200, address
        if kind == "csv":
            found = [
                cell
                for row in csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=_sign(content))
                for cell in row
            ]
            wrong += [f"{address}: {cell}" for cell in found if cell.startswith(SIGNS)]
        else:
            sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
            found = [str(cell) for row in sheet.to_python() for cell in row]
            wrong += [f"{address}: a formula"] * (b"<f>" in _sheet(content))
        cells += found

    assert not wrong, "\n".join(wrong)
    assert sum("<x-owned>" in cell for cell in cells) > 15


def _sign(content: bytes) -> str:
    return ";" if content.split(b"\n", 1)[0].count(b";") else ","


def _sheet(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return b"".join(file.read(name) for name in file.namelist() if name.startswith("xl/worksheets/"))


def test_papers_and_files_carry_the_text_and_nothing_runs(tmp_path: Path) -> None:
    whole = make_everything(HOSTILE, tmp_path)
    browser = person(whole.world.owner)

    papers = [
        browser.get(f"/paper/{kind}/{whole[f'{kind}_id']}.pdf")
        for kind in ("quotation", "order", "delivery", "invoice", "payment")
    ]
    file = browser.get(f"/files/{whole['attachment_id']}")

    assert [answer.status_code for answer in papers] == [200] * 5
    assert {b"".join(answer)[:5] for answer in papers} == {b"%PDF-"}
    assert file["Content-Disposition"].startswith("attachment")
    assert file["X-Content-Type-Options"] == "nosniff"
    assert Quotation.objects.get(pk=whole["quotation_id"]).note == HOSTILE


def test_a_customers_link_answers_hostile_questions_kindly(tmp_path: Path) -> None:
    whole = make_everything("Toko", tmp_path)

    for link in whole.links:
        for rest in ("/%3Cx-owned%3E", "/../../etc/passwd", "?x=%00", "/" + "a" * 3000):
            answer = Client().get(link + rest)
            assert answer.status_code in (200, 404), (rest, answer.status_code)
            assert "<x-owned>" not in answer.content.decode(errors="replace")


NUL = "%00"


def test_the_sign_nul_in_an_address_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    """No text of the database can hold it: asked with it every list, search and lookup answers as without."""
    whole = make_everything("Toko", tmp_path)
    browser, api, wrong, asked = person(whole.world.owner), program(whole.world.owner), [], 0

    addresses = [filled(route, whole.ids) for route, _names in pages(get_resolver())]
    found = [(browser, address, "q") for address in [*addresses, "/search"]]
    found += [
        (api, one.url({**whole.ids, "valid_from": "2027-01-01"}), name) for one in operations() for name in one.texts
    ]
    for client, address, name in found:
        with transaction.atomic():
            answers = [client.get(f"{address}?{name}={word}") for word in (f"{NUL}to{NUL}ko", "toko")]
            transaction.set_rollback(True)
        asked += 1
        if answers[0].status_code != answers[1].status_code or answers[0].status_code >= 500:
            wrong.append(f"{address}?{name}: {[answer.status_code for answer in answers]}")

    assert not wrong, "\n".join(wrong)
    assert asked > 200


def test_the_sign_nul_in_a_form_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    whole = make_everything("Toko", tmp_path)
    browser = person(whole.world.owner)

    noted = browser.post(f"/quotations/{whole['quotation_id']}/notes", {"text": "Kurang\0 cepat"})
    kept = browser.post(f"/quotations/{whole['quotation_id']}/template", {"name": "Gro\0sir"})
    item = {"kind": "item", "key": "new-1", "product": whole["product_id"], "quantity": "1"}
    lines = orjson.dumps([item, {"kind": "note", "key": "new-2", "text": "Sam\0pai"}]).decode()
    written = browser.post("/quotations/new", {"customer": whole["customer_id"], "lines": lines})
    seen = browser.post("/sales/grid/preview", {"lines": lines})

    assert (noted.status_code, kept.status_code, written.status_code, seen.status_code) == (303, 303, 303, 422)
    assert QuotationLine.objects.filter(description="Sampai").count() == 1
    assert QuotationTemplate.objects.filter(name="Grosir").count() == 1


def test_the_sign_nul_in_a_body_is_refused_or_taken_out(tmp_path: Path) -> None:
    whole = make_everything("Toko", tmp_path)
    api, wrong, asked = program(whole.world.owner), [], 0

    for one in operations():
        if one.body is None or one.is_form:
            continue
        body = smallest(one.body, whole.ids)
        for name in free_texts(one.body):
            with transaction.atomic():
                answer = api.generic(
                    one.method, one.url({**whole.ids, "valid_from": "2027-01-01"}),
                    orjson.dumps({**body, name: "To\0ko"}), content_type="application/json",
                )  # fmt: skip
                transaction.set_rollback(True)
            asked += 1
            if answer.status_code >= 500:
                wrong.append(f"{one} {name}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)
    assert asked > 100


def test_the_sign_nul_in_a_path_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    whole = make_everything("Toko", tmp_path)
    browser, api, wrong = person(whole.world.owner), program(whole.world.owner), []

    addresses = [(browser, filled(route, whole.ids)) for route, _names in pages(get_resolver())]
    addresses += [(api, one.url({**whole.ids, "valid_from": "2027-01-01"})) for one in operations()]
    for client, address in addresses:
        status = client.get(f"{address}{NUL}").status_code
        if status >= 500:
            wrong.append(f"{address}: {status}")

    assert not wrong, "\n".join(wrong)
