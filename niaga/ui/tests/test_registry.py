from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from niaga.ui import registry
from niaga.ui.models import SavedView
from niaga.ui.registry.frame import initials

pytestmark = pytest.mark.usefixtures("empty_registries")


def place(key: str, **more: Any) -> registry.NavigationItem:
    return registry.NavigationItem(
        key=key, label=key, icon="truck", url_name="samples", group=registry.NavigationGroup.SELLING, **more
    )


def test_a_name_is_registered_once() -> None:
    registry.badges.add("sales", lambda request: {})

    with pytest.raises(ValueError, match="sales"):
        registry.badges.add("sales", lambda request: {})


@pytest.mark.django_db
@pytest.mark.urls("niaga.ui.tests.urls")
def test_all_badges_of_a_page_are_one_statement(browser: Client, person: Any) -> None:
    people = get_user_model().objects.all()
    registry.badges.add(
        "a", lambda request: {"one": registry.BadgeCount(people), "none": registry.BadgeCount(people.none())}
    )
    registry.badges.add("b", lambda request: {"two": registry.BadgeCount(SavedView.objects.filter(name="%"), hot=True)})
    request = HttpRequest()

    with CaptureQueriesContext(connection) as captured:
        found = registry.badge_counts(request)

    assert len(captured) == 1
    assert {key: badge.count for key, badge in found.items()} == {"one": people.count()}


@pytest.mark.django_db
@pytest.mark.urls("niaga.ui.tests.urls")
def test_a_place_is_shown_only_to_those_who_may_enter(browser: Client) -> None:
    registry.navigation.add(place("open", order=1, shortcut="o"), place("closed", allowed=lambda request: False))

    page = browser.get("/samples").content.decode()

    assert 'data-goto="o"' in page
    assert "closed" not in page


@pytest.mark.django_db
def test_search_calls_each_contribution_once_and_commands_build_on_what_was_found(browser: Client) -> None:
    asked: list[str] = []

    def find(request: HttpRequest, query: str, limit: int) -> list[registry.Hit]:
        asked.append(query)
        return [registry.Hit("Toko <Makmur>", "/c/1", kind="customer", id="1", detail="Surabaya")]

    def offer(request: HttpRequest, query: str, hits: Sequence[registry.Hit]) -> list[registry.Command]:
        return [registry.Command("New quotation for {subject}", "/new", subject=hit.title) for hit in hits]

    registry.search.add("customers", registry.SearchContribution("Customers", "building-2", find))
    registry.commands.add("sales", offer)

    page = browser.get("/search", {"q": " makmur "}).content.decode()

    assert asked == ["makmur"]
    assert "New quotation for <mark>Toko &lt;Makmur&gt;</mark>" in page
    assert "<mark>Toko &lt;Makmur&gt;</mark> · Surabaya" in page


@pytest.mark.django_db
def test_what_was_named_whole_goes_before_what_could_be_done(browser: Client) -> None:
    registry.search.add(
        "invoices",
        registry.SearchContribution("Invoices", "receipt", lambda *_: [registry.Hit(title="INV-1", url="/invoices/1")]),
    )
    registry.commands.add("customers", lambda *_: [registry.Command("New customer {subject}", "/new", subject="inv")])

    part, whole = (browser.get("/search", {"q": query}).content.decode() for query in ("inv", "inv-1"))

    assert part.index("New customer") < part.index("INV-1")
    assert whole.index("INV-1") < whole.index("New customer")


def test_search_asks_for_a_log_in(client: Client) -> None:
    assert client.get("/search", {"q": "a"}).status_code == 302


def test_a_chain_is_asked_once_for_all_documents() -> None:
    calls: list[int] = []

    def related(
        request: HttpRequest, refs: Sequence[registry.DocumentRef]
    ) -> Mapping[registry.DocumentRef, Sequence[registry.ChainLink]]:
        calls.append(len(refs))
        return {
            refs[0]: [
                registry.ChainLink("invoice", UUID(int=9), "INV-2", "/i/9"),
                registry.ChainLink("invoice", UUID(int=8), "INV-1", "/i/8", done=False),
            ]
        }

    registry.chain.add("sales", related)
    refs = [registry.DocumentRef("order", UUID(int=n)) for n in range(3)]

    chains = registry.chains_of(HttpRequest(), refs)

    assert calls == [3]
    stages = {stage.kind: stage for stage in chains[refs[0]]}
    assert [link.number for link in stages["invoice"].links] == ["INV-1", "INV-2"]
    assert stages["order"].current
    assert not stages["invoice"].done
    assert not chains[refs[1]][3].links


def test_a_customer_panel_is_asked_once_for_all_customers() -> None:
    registry.customer_panel.add("b", lambda request, ids: {one: [registry.PanelFact("b", "2")] for one in ids}, order=2)
    registry.customer_panel.add("a", lambda request, ids: {one: [registry.PanelFact("a", "1")] for one in ids}, order=1)
    ids = [UUID(int=1), UUID(int=2)]

    panels = registry.customer_panels(HttpRequest(), ids)

    assert [fact.label for fact in panels[ids[1]]] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "letters"), [("Dewi Wulandari", "DW"), ("maya", "MA"), ("", "?"), ("H. Agus Salim", "HS")]
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters
