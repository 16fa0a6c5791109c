"""HTML, template marks and formulas in every text: shown as typed on every page and in every file, and inert."""

import csv
import io
import zipfile
from html.parser import HTMLParser

import orjson
import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from python_calamine import CalamineWorkbook

from niaga.sales.models import Quotation, QuotationLine, QuotationTemplate
from tests.doors.conftest import HOSTILE
from tests.doors.test_closed_doors import filled, pages, person, program
from tests.everything import Everything
from tests.openapi import free_texts, operations, smallest

pytestmark = pytest.mark.django_db


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


def test_on_no_page_does_text_become_markup(hostile: Everything) -> None:
    browser, wrong, shown = person(hostile.world.owner), [], 0

    addresses = [filled(route, hostile.ids) for route, _names in pages(get_resolver())]
    for address in [*addresses, *hostile.links, "/search?q=KOP", "/quotations?q=%3Cx-owned%3E%22%20data-owned=1"]:
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
def test_in_no_exported_file_does_text_become_a_formula(hostile: Everything, kind: str) -> None:
    browser = person(hostile.world.owner)
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


def test_papers_and_files_carry_the_text_and_nothing_runs(hostile: Everything) -> None:
    browser = person(hostile.world.owner)

    papers = [
        browser.get(f"/paper/{kind}/{hostile[f'{kind}_id']}.pdf")
        for kind in ("quotation", "order", "delivery", "invoice", "payment")
    ]
    file = browser.get(f"/files/{hostile['attachment_id']}")

    assert [answer.status_code for answer in papers] == [200] * 5
    assert {b"".join(answer)[:5] for answer in papers} == {b"%PDF-"}
    assert file["Content-Disposition"].startswith("attachment")
    assert file["X-Content-Type-Options"] == "nosniff"
    assert Quotation.objects.get(pk=hostile["quotation_id"]).note == HOSTILE


def test_a_customers_link_answers_hostile_questions_kindly(ours: Everything) -> None:

    for link in ours.links:
        for rest in ("/%3Cx-owned%3E", "/../../etc/passwd", "?x=%00", "/" + "a" * 3000):
            answer = Client().get(link + rest)
            assert answer.status_code in (200, 404), (rest, answer.status_code)
            assert "<x-owned>" not in answer.content.decode(errors="replace")


NUL = "%00"


def test_the_sign_nul_in_an_address_is_as_if_it_were_not_there(ours: Everything) -> None:
    """No text of the database can hold it: asked with it every list and search answers as without, and nothing else
    minds it."""
    browser, api, wrong = person(ours.world.owner), program(ours.world.owner), []
    routes = list(pages(get_resolver()))
    lists = [(browser, route, "q") for route, names in routes if not names] + [(browser, "/search", "q")]
    lists += [
        (api, one.url({**ours.ids, "valid_from": "2027-01-01"}), name) for one in operations() for name in one.texts
    ]
    others = [filled(route, ours.ids) for route, names in routes if names]

    for client, address, name in lists:
        with transaction.atomic():
            answers = [client.get(f"{address}?{name}={word}") for word in (f"{NUL}to{NUL}ko", "toko")]
            transaction.set_rollback(True)
        if answers[0].status_code != answers[1].status_code or answers[0].status_code >= 500:
            wrong.append(f"{address}?{name}: {[answer.status_code for answer in answers]}")
    for address in others:
        with transaction.atomic():
            status = browser.get(f"{address}?q={NUL}to{NUL}ko").status_code
            transaction.set_rollback(True)
        if status >= 500:
            wrong.append(f"{address}?q: {status}")

    assert not wrong, "\n".join(wrong)
    assert len(lists) > 200
    assert len(others) > 200


def test_the_sign_nul_in_a_form_is_as_if_it_were_not_there(ours: Everything) -> None:
    browser = person(ours.world.owner)

    noted = browser.post(f"/quotations/{ours['quotation_id']}/notes", {"text": "Kurang\0 cepat"})
    kept = browser.post(f"/quotations/{ours['quotation_id']}/template", {"name": "Gro\0sir"})
    item = {"kind": "item", "key": "new-1", "product": ours["product_id"], "quantity": "1"}
    lines = orjson.dumps([item, {"kind": "note", "key": "new-2", "text": "Sam\0pai"}]).decode()
    written = browser.post("/quotations/new", {"customer": ours["customer_id"], "lines": lines})
    seen = browser.post("/sales/grid/preview", {"lines": lines})

    assert (noted.status_code, kept.status_code, written.status_code, seen.status_code) == (303, 303, 303, 422)
    assert QuotationLine.objects.filter(description="Sampai").count() == 1
    assert QuotationTemplate.objects.filter(name="Grosir").count() == 1


def test_the_sign_nul_in_a_body_is_refused_or_taken_out(ours: Everything) -> None:
    api, wrong, asked = program(ours.world.owner), [], 0

    for one in operations():
        if one.body is None or one.is_form:
            continue
        body = smallest(one.body, ours.ids)
        for name in free_texts(one.body):
            with transaction.atomic():
                answer = api.generic(
                    one.method, one.url({**ours.ids, "valid_from": "2027-01-01"}),
                    orjson.dumps({**body, name: "To\0ko"}), content_type="application/json",
                )  # fmt: skip
                transaction.set_rollback(True)
            asked += 1
            if answer.status_code >= 500:
                wrong.append(f"{one} {name}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)
    assert asked > 100


def test_the_sign_nul_in_a_path_is_as_if_it_were_not_there(ours: Everything) -> None:
    browser, api, wrong = person(ours.world.owner), program(ours.world.owner), []

    addresses = [(browser, filled(route, ours.ids)) for route, _names in pages(get_resolver())]
    addresses += [(api, one.url({**ours.ids, "valid_from": "2027-01-01"})) for one in operations()]
    for client, address in addresses:
        status = client.get(f"{address}{NUL}").status_code
        if status >= 500:
            wrong.append(f"{address}: {status}")

    assert not wrong, "\n".join(wrong)
