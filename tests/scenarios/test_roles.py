"""Every standard role at every door: who may not view a kind gets none of it, and who may only look changes nothing."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import transaction
from django.urls import get_resolver

from niaga.organization.rules.roles import STANDARD_ROLES
from tests.everything import Everything, make_everything
from tests.makers import make_user
from tests.openapi import operations, smallest
from tests.scenarios.test_closed_doors import OURS, filled, history_of, pages, person, program

pytestmark = pytest.mark.django_db

KINDS = {
    "customers": "customer", "products": "product", "price-lists": "price_list", "quotations": "quotation",
    "orders": "order", "deliveries": "delivery", "stock": "stock", "invoices": "invoice", "payments": "payment",
    "history": "historical_sale", "historical-sales": "historical_sale", "books": "ledger", "imports": "import",
    "mailbox": "email", "emails": "email",
}  # fmt: skip
"""The kind of thing that stands behind an address, by its first part."""


def kind_of(route: str) -> str:
    return KINDS.get(route.strip("/").partition("/")[0], "")


def text_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text: str = content.decode(errors="replace")
    return text.partition("<main")[2] or text


def tells(whole: Everything, answer: Any, kind: str) -> bool:
    """Whether the answer holds what is the company's: its words, its file; the books hold figures and never open."""
    mark = {"import": f"{whole.world.company.id}.csv", "ledger": ""}.get(kind, OURS)
    return answer.status_code == 200 and mark in text_of(answer)


def shown(whole: Everything, user: Any) -> dict[str, str]:
    """The kinds behind every address that answers `user` with what is the company's, by address."""
    api, browser, found = program(user), person(user), {}
    for one in operations():
        if one.method == "GET" and (kind := kind_of(one.path)):
            answer = api.get(one.url({**whole.ids, "valid_from": "2027-01-01"}))
            if tells(whole, answer, kind):
                found[str(one)] = kind
    for route, _names in pages(get_resolver()):
        if kind := kind_of(route):
            answer = browser.get(filled(route, whole.ids))
            if tells(whole, answer, kind):
                found[route] = kind
    return found


def test_no_role_is_shown_a_kind_that_it_may_not_view(tmp_path: Path) -> None:
    whole = make_everything(OURS, tmp_path)

    seen = {code: shown(whole, make_user(whole.world.company, code)) for code in STANDARD_ROLES}

    wrong = [
        f"{code} is shown {address}"
        for code, found in seen.items()
        for address, kind in found.items()
        if (kind, "view") not in STANDARD_ROLES[code].grants
    ]
    assert not wrong, "\n".join(wrong)
    assert len(seen["owner"]) > 60
    assert set(seen["owner"].values()) == set(KINDS.values())


def test_who_may_only_look_changes_nothing_by_any_door(tmp_path: Path) -> None:
    whole = make_everything(OURS, tmp_path)
    auditor = make_user(whole.world.company, "auditor")
    api, browser = program(auditor), person(auditor)
    before, wrong = history_of(whole.world.company.id), []

    def note(door: str) -> None:
        if history_of(whole.world.company.id) != before:
            wrong.append(door)
        transaction.set_rollback(True)

    for one in operations():
        if one.method != "GET" and not one.is_form:
            body = b"" if one.body is None else orjson.dumps(smallest(one.body, whole.ids))
            url = one.url({**whole.ids, "valid_from": "2027-01-01"})
            with transaction.atomic():
                api.generic(one.method, url, body, content_type="application/json")
                note(str(one))
    for route, _names in pages(get_resolver()):
        with transaction.atomic():
            browser.post(filled(route, whole.ids), {"name": "Baru", "reason": "Baru", "code": "N1"})
            note(f"POST {route}")

    assert not wrong, "\n".join(wrong)
