import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from python_calamine import CalamineWorkbook

from niaga.ui.escaping import escaped
from niaga.ui.models import SavedView

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("niaga.ui.tests.urls"),
    pytest.mark.usefixtures("empty_registries"),
]
OWNER = UUID(int=7)


def make_rows(count: int, *, name: str = "row {:03}", key: str = "sent") -> list[SavedView]:
    return SavedView.objects.bulk_create(
        SavedView(
            user_id=OWNER, list_key=key, name=name.format(n), query="=1+1", created_at=datetime(2026, 11, 1, tzinfo=UTC)
        )
        for n in range(count)
    )


def statements(browser: Client, url: str) -> int:
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


def test_a_list_asks_the_same_number_of_statements_for_three_rows_and_for_fifty(browser: Client) -> None:
    make_rows(3)
    few = statements(browser, "/samples")
    make_rows(60, name="more {:03}")
    many = statements(browser, "/samples")

    assert few == many
    assert many <= 6  # session, person, count with totals, rows, saved views; badges when there are some


def test_rows_are_links_and_numbers_are_written_for_people(browser: Client) -> None:
    [row] = make_rows(1)

    page = browser.get("/samples").content.decode()

    assert f'<a class="open" href="/samples/{row.pk}">row 000</a><span class="sub">=1+1</span>' in page
    assert "Rp\u00a01.001" in page
    assert "1–1 dari 1" in page


def test_a_filter_narrows_and_stays_in_the_address(browser: Client) -> None:
    make_rows(2)
    make_rows(1, name="draft {}", key="draft")

    page = browser.get("/samples", {"status": "draft", "sort": "-name"}).content.decode()

    assert "draft 0" in page
    assert "row 000" not in page
    assert 'href="/samples?status=draft&amp;sort=name"' in page


@pytest.mark.parametrize(
    "query",
    [
        "status=nonsense",
        "date_from=2026-99-99",
        "sort=password",
        "page=9",
        "after=x",
        "before=W10",
        "after=%00",
        "after=",
    ],
)
def test_nonsense_in_the_address_filters_nothing(browser: Client, query: str) -> None:
    make_rows(1)

    page = browser.get(f"/samples?{query}")

    assert page.status_code == 200
    assert "row 000" in page.content.decode()


def test_an_export_holds_what_is_shown_and_runs_no_formula(browser: Client) -> None:
    make_rows(2, name="=cmd|{}")

    answer = browser.get("/samples?export=csv&q==cmd")
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))

    assert rows[0] == ["Name", "Status", "Date", "Total", "Note"]
    assert rows[1] == ["'=cmd|0", "Sent", "2026-11-01", "1001", ""]
    assert len(rows) == 3


def test_an_export_to_a_workbook_keeps_text_as_text(browser: Client) -> None:
    make_rows(1, name="=1+{}")

    answer = browser.get("/samples?export=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer))).get_sheet_by_index(0).to_python()

    assert rows[1][0] == "=1+0"
    assert rows[1][3] == Decimal("1001")


def test_a_hidden_column_is_neither_shown_nor_exported(browser: Client) -> None:
    make_rows(1)

    assert "Cost" not in browser.get("/samples").content.decode()
    assert b"Cost" not in b"".join(browser.get("/samples?export=csv"))


def test_a_deed_on_many_says_what_was_done_and_offers_undo(browser: Client) -> None:
    rows = make_rows(2)

    answer = browser.post("/samples?q=row", {"bulk": "send", "pick": [str(row.pk) for row in rows]}, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain == [("/samples?q=row", 302)]
    assert "2 sent" in page
    assert 'action="/undo"' in page


def test_a_deed_on_all_takes_the_whole_filter_and_nothing_else(browser: Client) -> None:
    make_rows(60)
    make_rows(5, name="other {}")

    page = browser.post("/samples?q=row", {"bulk": "send", "scope": "all"}, follow=True).content.decode()

    assert "60 sent" in page


def test_a_refused_deed_says_why(browser: Client) -> None:
    make_rows(1)

    page = browser.post("/samples", {"bulk": "send", "pick": [str(UUID(int=5))]}, follow=True).content.decode()

    assert 'class="toast bad"' in page


def test_a_view_is_saved_shown_and_taken_away(browser: Client, person: Any) -> None:
    form = {"list": "samples", "path": "/samples", "query": "status=sent&after=x", "name": "Mine"}

    saved = browser.post("/ui/views", form, follow=True)

    view = SavedView.objects.get(user_id=person.pk)
    assert saved.redirect_chain == [("/samples?status=sent", 302)]
    assert view.query == "status=sent"
    assert ">Mine</a>" in saved.content.decode()

    browser.post(f"/ui/views/{view.pk}/removal", {"path": "/samples"})

    assert not SavedView.objects.filter(user_id=person.pk).exists()


def test_nobody_takes_away_another_persons_view(browser: Client) -> None:
    [other] = make_rows(1)

    browser.post(f"/ui/views/{other.pk}/removal", {"path": "https://evil.example"})

    assert SavedView.objects.filter(pk=other.pk).exists()


def test_an_empty_list_teaches_and_offers_the_first_one_to_those_who_may(browser: Client) -> None:
    page = browser.get("/samples").content.decode()
    to_a_reader = browser.get("/samples?reader=1").content.decode()

    assert "No samples" in page
    assert "A sample is a sample." in page
    assert page.count('href="/samples/new"') == 2
    assert page.count('href="/samples/edit"') == 1
    assert "/samples/new" not in to_a_reader


def test_html_in_a_row_is_text(browser: Client) -> None:
    make_rows(1, name="<script>{}")

    assert "&lt;script&gt;0" in browser.get("/samples").content.decode()


@pytest.mark.parametrize("value", ["<b>&\"'", SafeString("<b>"), gettext_lazy("Name & <x>"), 7, None, Decimal("1.5")])
def test_escaping_answers_what_django_answers(value: Any) -> None:
    assert escaped(value) == conditional_escape(value)
    assert isinstance(escaped(value), SafeString)
