"""Walking a list page by page, as a person's browser does: by the links it shows."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from niaga.ui.models import SavedView
from niaga.ui.tests.test_listing import OWNER, make_rows

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("niaga.ui.tests.urls"),
    pytest.mark.usefixtures("empty_registries"),
]


def names(page: str) -> list[str]:
    return re.findall(r'<a class="open"[^>]*>([^<]*)</a>', page)


def link(page: str, rel: str) -> str:
    """Where "next" or "prev" leads; empty when it is not offered."""
    found = re.search(rf'href="([^"]*)"[^>]* rel="{rel}"', page)
    return unescape(found[1]) if found else ""


def walk(browser: Client, address: str, rel: str = "next") -> Iterator[str]:
    while address:
        page = browser.get(address).content.decode()
        yield page
        address = link(page, rel)


def make_moments(*moments: datetime | None) -> list[str]:
    """Rows by name, made at these moments."""
    SavedView.objects.bulk_create(
        SavedView(user_id=OWNER, list_key="sent", name=f"{n:03}", query="", created_at=moment)
        for n, moment in enumerate(moments)
    )
    return [f"{n:03}" for n in range(len(moments))]


def test_pages_hold_fifty_rows_and_lead_on_and_back(browser: Client) -> None:
    make_rows(120)

    pages = list(walk(browser, "/samples"))
    back = list(walk(browser, link(pages[2], "prev"), "prev"))

    assert [len(names(page)) for page in pages] == [50, 50, 20]
    assert [name for page in pages for name in names(page)] == [f"row {n:03}" for n in range(120)]
    assert [names(page) for page in back] == [names(pages[1]), names(pages[0])]
    assert ["1–50 dari 120" in pages[0], "51–100 dari 120" in pages[1], "101–120 dari 120" in pages[2]] == [True] * 3
    assert ["2 / 3" in pages[1], "3 / 3" in pages[2], "2 / 3" in back[0], "1 / 3" in back[1]] == [True] * 4
    assert (link(pages[0], "prev"), link(back[1], "prev")) == ("", "")


def test_rows_that_come_meanwhile_are_neither_seen_twice_nor_hide_others(browser: Client) -> None:
    make_rows(120)
    first = browser.get("/samples").content.decode()

    make_rows(30, name="a {:03}")  # before everything
    make_rows(10, name="row 049 {}")  # between the two pages
    SavedView.objects.filter(name="row 003").delete()
    rest = list(walk(browser, link(first, "next")))

    seen = names(first) + [name for page in rest for name in names(page)]
    assert len(seen) == len(set(seen)) == 120 + 10
    assert {f"row {n:03}" for n in range(120)} <= set(seen)
    assert seen[50:60] == [f"row 049 {n}" for n in range(10)]


def test_going_back_to_the_beginning_shows_what_came_before_it_meanwhile(browser: Client) -> None:
    make_rows(120)
    second = next(walk(browser, link(browser.get("/samples").content.decode(), "next")))

    make_rows(5, name="a {}")
    back = list(walk(browser, link(second, "prev"), "prev"))

    assert names(back[0]) == [f"row {n:03}" for n in range(50)]
    assert names(back[1])[:5] == [f"a {n}" for n in range(5)]
    assert link(back[1], "prev") == ""


@pytest.mark.parametrize("sort", ["date", "-date"])
def test_rows_of_one_moment_keep_one_order(browser: Client, sort: str) -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, 3, 4, 5, 678901, tzinfo=UTC)
    made = make_moments(*[early] * 70, *[late] * 70)

    pages = list(walk(browser, f"/samples?sort={sort}"))
    back = list(walk(browser, link(pages[-1], "prev"), "prev"))

    seen = [name for page in pages for name in names(page)]
    assert sorted(seen) == made
    assert [names(page) for page in reversed(back)] == [names(page) for page in pages[:-1]]
    halves = [set(seen[:70]), set(seen[70:])]
    assert halves == [set(made[:70]), set(made[70:])][:: -1 if sort == "-date" else 1]


@pytest.mark.parametrize(("sort", "first_half_is_empty"), [("note", False), ("-note", True)])
def test_rows_without_a_value_stand_at_one_end_and_are_all_seen(
    browser: Client, sort: str, first_half_is_empty: bool
) -> None:
    make_rows(60)
    make_rows(60, name="blank {:03}", key="")

    pages = list(walk(browser, f"/samples?sort={sort}"))
    back = list(walk(browser, link(pages[-1], "prev"), "prev"))

    seen = [name for page in pages for name in names(page)]
    assert len(seen) == len(set(seen)) == 120
    assert [name.startswith("blank") for name in seen] == [first_half_is_empty] * 60 + [not first_half_is_empty] * 60
    assert [names(page) for page in reversed(back)] == [names(page) for page in pages[:-1]]


def test_a_key_is_good_for_its_own_list_and_order_only(browser: Client) -> None:
    make_rows(120)
    address = link(browser.get("/samples").content.decode(), "next")
    key = address.partition("after=")[2]

    elsewhere = browser.get(f"/samples?sort=-name&after={key}").content.decode()
    forged = browser.get(f"/samples?after={key[:-3]}xyz").content.decode()

    assert names(elsewhere)[0] == "row 119"
    assert names(forged)[0] == "row 000"


def test_a_page_whose_rows_are_gone_shows_the_first(browser: Client) -> None:
    make_rows(60)
    address = link(browser.get("/samples").content.decode(), "next")

    SavedView.objects.filter(name__gte="row 050").delete()
    page = browser.get(address).content.decode()

    assert names(page) == [f"row {n:03}" for n in range(50)]
    assert "1–50 dari 50" in page


def test_filter_and_order_stay_in_the_address_of_the_next_page(browser: Client) -> None:
    make_rows(120)
    make_rows(60, name="other {:03}", key="draft")

    pages = list(walk(browser, "/samples?status=sent&sort=-name&q=row"))

    assert [name for page in pages for name in names(page)] == [f"row {n:03}" for n in reversed(range(120))]
    assert 'href="/samples?status=sent&amp;sort=name&amp;q=row"' in pages[1]  # turning the order begins anew


def test_a_deep_page_costs_the_statements_of_the_first(browser: Client) -> None:
    make_rows(120)
    first = browser.get("/samples").content.decode()

    with CaptureQueriesContext(connection) as at_first:
        browser.get("/samples")
    with CaptureQueriesContext(connection) as deep:
        browser.get(link(first, "next"))

    assert len(deep) == len(at_first)
    assert not any("OFFSET" in query["sql"] for query in deep)


def test_an_export_from_a_deep_page_holds_the_whole_filter(browser: Client) -> None:
    make_rows(120)
    page = next(walk(browser, link(browser.get("/samples").content.decode(), "next")))

    address = unescape(re.search(r'href="([^"]*export=csv[^"]*)"', page)[1])  # type: ignore[index]
    lines = b"".join(browser.get(address)).decode().splitlines()

    assert len(lines) == 121


def test_a_deed_returns_to_the_page_it_was_done_on(browser: Client) -> None:
    rows = make_rows(120)
    address = link(browser.get("/samples").content.decode(), "next")

    answer = browser.post(address, {"bulk": "send", "pick": [str(rows[60].pk), str(UUID(int=3))]}, follow=True)

    assert answer.redirect_chain == [(address, 302)]
    assert names(answer.content.decode())[0] == "row 050"
