"""Every standard role at every door: it is shown what it may view, and does what it is granted, and nothing more."""

from collections.abc import Callable, Collection
from typing import Any

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import get_resolver

from niaga.organization.rules.roles import STANDARD_ROLES
from tests.doors.conftest import OURS
from tests.doors.rights_of_forms import FORMS, UPLOADS
from tests.doors.rights_of_operations import ANYBODY, BODIES, rights_of_operations
from tests.doors.test_closed_doors import filled, history_of, pages, person, program
from tests.everything import Everything
from tests.makers import make_user
from tests.openapi import Operation, operations, smallest

pytestmark = pytest.mark.django_db

KINDS = {
    "customers": "customer", "products": "product", "price-lists": "price_list", "price-changes": "price_list",
    "publications": "price_list", "promotions": "price_list", "loyalty": "loyalty", "quotations": "quotation",
    "pro-formas": "order", "substitutions": "order", "drop-ships": "delivery", "suppliers": "product",
    "pick-lists": "stock", "pick-lines": "stock", "routes": "stock", "vehicles": "stock", "picking": "stock",
    "shipments": "delivery", "carriers": "delivery", "doors": "delivery", "door-reports": "delivery",
    "joint-deliveries": "delivery",
    "orders": "order", "deliveries": "delivery", "stock": "stock", "invoices": "invoice", "payments": "payment",
    "payment-requests": "payment", "refunds": "payment", "payouts": "payment", "gateway-payouts": "payment",
    "asked-refunds": "payment",
    "returns": "return", "supplier-credits": "return", "credit-notes": "payment",
    "portal-cases": "portal", "portal-people": "portal",
    "portal-tokens": "portal",
    "history": "historical_sale", "historical-sales": "historical_sale", "books": "ledger",
    "account-map": "ledger", "journal-exports": "ledger", "journal-profiles": "ledger", "imports": "import",
    "ageing": "invoice", "issue-runs": "invoice", "billing-causes": "invoice",
    "recurring": "invoice", "recurring-plans": "invoice",
    "exchange-rounds": "invoice", "exchange-proposals": "invoice", "invoices-to-exchange": "invoice",
    "write-offs": "invoice", "early-payment-discounts": "invoice",
    "margins": "report", "late-fees": "invoice", "late-fee-charges": "invoice", "late-fee-rules": "customer",
    "giro-fee-setting": "customer",
    "disputes": "invoice", "calls": "invoice", "calls-to-make": "invoice", "payment-promises": "invoice",
    "reminders": "invoice", "reminder-results": "invoice", "reminder-plans": "customer",
    "bank": "bank", "bank-statements": "bank", "bank-lines": "bank", "known-payers": "bank",
    "mailbox": "email", "emails": "email", "messages": "email", "whatsapp-messages": "email",
    "tax-invoices": "tax_filing", "tax-files": "tax_filing",
    "tax-checks": "tax_filing", "tax-slips": "tax_filing", "buyer-returns": "tax_filing",
    "tax-currency-rates": "tax_filing",
    "exchange-rates": "exchange_rate",
    "credit-requests": "order", "credit-releases": "customer", "credit-policy": "customer",
    "approvals": "approval", "approval-rules": "approval", "delegations": "approval",
}  # fmt: skip
"""The kind of thing that stands behind an address, by its first part."""


OF_CUSTOMERS = "/loyalty/members/"
"""Points are those of a customer, who must be seen too."""

OF_ALL = (
    "/quotation-templates/", "/tags", "/earliest-days", "/position-consent", "/deliveries/{delivery_id}/door-reports",
)  # fmt: skip
"""Templates, tags and the days of the stock are the whole company's, whoever made them or asks; a driver's yes is the
driver's own, and what is handed to the office may be of a door that was the driver's before."""


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


def shown(whole: Everything, user: Any, among: Collection[str] | None = None) -> dict[str, str]:
    """The kinds behind every address (or those `among` them) that answers `user` with what is the company's."""
    api, browser, found = program(user), person(user), {}
    for one in operations():
        if one.method == "GET" and (kind := kind_of(one.path)) and (among is None or str(one) in among):
            answer = api.get(one.url({**whole.ids, "valid_from": "2027-01-01"}))
            if tells(whole, answer, kind):
                found[str(one)] = kind
    for route, _names in pages(get_resolver()):
        if (kind := kind_of(route)) and (among is None or route in among):
            answer = browser.get(filled(route, whole.ids))
            if tells(whole, answer, kind):
                found[route] = kind
    return found


def test_no_role_is_shown_a_kind_that_it_may_not_view(ours: Everything) -> None:

    everything = shown(ours, ours.world.owner)
    wrong = []
    for code, role in STANDARD_ROLES.items():
        closed = {address for address, kind in everything.items() if (kind, "view") not in role.grants}
        seen = shown(ours, make_user(ours.world.company, code), closed) if closed else {}
        wrong += [f"{code} is shown {address}" for address in seen]

    assert not wrong, "\n".join(wrong)
    assert len(everything) > 60
    assert set(everything.values()) == set(KINDS.values())


def test_every_writing_operation_of_the_api_has_its_right() -> None:
    writing = {str(one) for one in operations() if one.method != "GET" and not one.is_form}

    assert writing == rights_of_operations().keys() | ANYBODY


Answer = tuple[int, bool]
OwnersAnswer = Callable[[str, Callable[[], Answer]], Answer]


@pytest.fixture(scope="module")
def owners_answer() -> OwnersAnswer:
    """What the owner is answered, whom every role is compared with: asked once for each door."""
    answers: dict[str, Answer] = {}

    def owners_answer(door: str, ask: Callable[[], Answer]) -> Answer:
        return answers[door] if door in answers else answers.setdefault(door, ask())

    return owners_answer


@pytest.mark.parametrize("code", sorted(STANDARD_ROLES.keys() - {"owner", "administrator"}))
def test_by_the_api_a_role_does_exactly_what_it_is_granted(
    code: str, ours: Everything, owners_answer: OwnersAnswer
) -> None:
    """With the right for all it gets the owner's answer. Without it nothing changes; nor does it with a narrower one,
    since what is sent names a colleague's documents, customers and places."""
    rights, grants = rights_of_operations(), STANDARD_ROLES[code].grants
    owner, other = program(ours.world.owner), program(make_user(ours.world.company, code))
    before, wrong = history_of(ours.world.company.id), []

    def send(api: Any, one: Operation) -> tuple[int, bool]:
        body = b"" if one.body is None else orjson.dumps(BODIES.get(str(one)) or smallest(one.body, ours.ids))
        with transaction.atomic():
            answer = api.generic(
                one.method, one.url({**ours.ids, "valid_from": "2027-01-01"}), body, content_type="application/json"
            )
            changed = history_of(ours.world.company.id) != before
            transaction.set_rollback(True)
        return answer.status_code, changed

    for one in operations():
        if (right := rights.get(str(one))) is None:
            continue
        status, changed = send(other, one)
        hidden = one.path.startswith(OF_CUSTOMERS) and grants.get(("customer", "view")) != "all"
        if grants.get(right) == "all" and not hidden:
            good = (status, changed) == owners_answer(str(one), lambda one=one: send(owner, one))
        elif right in grants and one.path.startswith(OF_ALL):
            good = status < 400
        else:
            good = status in (403, 404) and not changed
        if not good:
            wrong.append(f"{one}: {status}, {changed}")

    assert not wrong, "\n".join(wrong)


def test_who_may_only_look_changes_nothing_on_any_page(ours: Everything) -> None:
    browser = person(make_user(ours.world.company, "auditor"))
    before, wrong = history_of(ours.world.company.id), []

    for route, _names in pages(get_resolver()):
        with transaction.atomic():
            browser.post(filled(route, ours.ids), {"name": "Baru", "reason": "Baru", "code": "N1"})
            if history_of(ours.world.company.id) != before:
                wrong.append(f"POST {route}")
            transaction.set_rollback(True)

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("code", sorted(STANDARD_ROLES.keys() - {"owner", "administrator"}))
def test_on_pages_a_role_does_exactly_what_it_is_granted(
    code: str, ours: Everything, owners_answer: OwnersAnswer
) -> None:
    grants = STANDARD_ROLES[code].grants
    owner, other = person(ours.world.owner), person(make_user(ours.world.company, code))
    before, wrong = history_of(ours.world.company.id), []

    def send(browser: Any, route: str, body: dict[str, str]) -> tuple[int, bool]:
        fields = {name: value.format(**ours.ids) for name, value in body.items()}
        with transaction.atomic():
            answer = browser.post(route.format(**ours.ids), fields)
            changed = history_of(ours.world.company.id) != before
            transaction.set_rollback(True)
        return answer.status_code, changed

    for route, (right, body) in FORMS.items():
        kind, action = right.split()
        status, changed = send(other, route, body)
        hidden = route.startswith(OF_CUSTOMERS) and grants.get(("customer", "view")) != "all"
        if grants.get((kind, action)) == "all" and not hidden:
            good = (status, changed) == owners_answer(route, lambda route=route, body=body: send(owner, route, body))
        elif (kind, action) in grants and "/templates/" in route:
            good = changed
        else:
            good = status in (403, 404) and not changed
        if not good:
            wrong.append(f"{route}: {status}, {changed}; the owner: {send(owner, route, body)}")

    assert not wrong, "\n".join(wrong)


def test_the_owner_is_refused_none_of_these_forms(ours: Everything) -> None:
    """So that the refusals above are about the right; some are answered that a thing is in use or is as it was."""
    browser, before, wrong, done = person(ours.world.owner), history_of(ours.world.company.id), [], 0

    for route, (_right, body) in FORMS.items():
        fields = {name: value.format(**ours.ids) for name, value in body.items()}
        with transaction.atomic():
            status = browser.post(route.format(**ours.ids), fields).status_code
            done += status < 400 and history_of(ours.world.company.id) != before
            transaction.set_rollback(True)
        if status in (403, 404) or status >= 500:
            wrong.append(f"{route}: {status}")

    assert not wrong, "\n".join(wrong)
    assert done >= 40


@pytest.mark.parametrize("code", sorted(STANDARD_ROLES.keys() - {"owner", "administrator"}))
def test_a_role_puts_files_only_where_it_may_change(code: str, ours: Everything) -> None:
    grants = STANDARD_ROLES[code].grants
    api = program(make_user(ours.world.company, code))
    before, wrong = history_of(ours.world.company.id), []

    for kind, right in UPLOADS.items():
        with transaction.atomic():
            answer = api.post(
                "/api/v1/attachments",
                {
                    "subject_kind": kind, "subject_id": ours[f"{kind}_id"],
                    "file": SimpleUploadedFile("a.txt", b"Baru", "text/plain"),
                },
            )  # fmt: skip
            changed = history_of(ours.world.company.id) != before
            transaction.set_rollback(True)
        allowed = grants.get((right, "change")) == "all"
        if (answer.status_code, changed) != ((201, True) if allowed else (answer.status_code, False)):
            wrong.append(f"{kind}: {answer.status_code}, {changed}")
        if not allowed and answer.status_code not in (403, 404):
            wrong.append(f"{kind}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)
