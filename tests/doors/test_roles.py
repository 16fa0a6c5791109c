"""Every standard role at every door: it is shown what it may view, and does what it is granted, and nothing more."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import transaction
from django.urls import get_resolver

from niaga.organization.rules.roles import STANDARD_ROLES
from tests.doors.test_closed_doors import OURS, filled, history_of, pages, person, program
from tests.everything import Everything, make_everything
from tests.makers import make_user
from tests.openapi import Operation, operations, smallest

pytestmark = pytest.mark.django_db

KINDS = {
    "customers": "customer", "products": "product", "price-lists": "price_list", "quotations": "quotation",
    "orders": "order", "deliveries": "delivery", "stock": "stock", "invoices": "invoice", "payments": "payment",
    "history": "historical_sale", "historical-sales": "historical_sale", "books": "ledger", "imports": "import",
    "mailbox": "email", "emails": "email",
}  # fmt: skip
"""The kind of thing that stands behind an address, by its first part."""


ANYBODY = {"POST /notices/reading", "POST /prices/preview"}
"""What everybody may do who works here: read their own notices, ask for a price."""

OPERATIONS = {
    "customer archive": """
        PUT /customers/{customer_id}/archive
        DELETE /customers/{customer_id}/archive
    """,
    "customer change": """
        PATCH /customers/{customer_id}
        POST /customers/{customer_id}/addresses
        PATCH /customers/{customer_id}/addresses/{address_id}
        DELETE /customers/{customer_id}/addresses/{address_id}
        POST /customers/{customer_id}/consents
        POST /customers/{customer_id}/contacts
        PATCH /customers/{customer_id}/contacts/{contact_id}
        DELETE /customers/{customer_id}/contacts/{contact_id}
        POST /customers/{customer_id}/notes
        POST /tags
    """,
    "customer create": """
        POST /customers
    """,
    "customer credit": """
        PUT /customers/{customer_id}/credit
    """,
    "delivery cancel": """
        POST /deliveries/{delivery_id}/cancellation
    """,
    "delivery change": """
        PATCH /deliveries/{delivery_id}
        POST /deliveries/{delivery_id}/picking
    """,
    "delivery create": """
        POST /orders/{order_id}/deliveries
    """,
    "delivery deliver": """
        POST /deliveries/{delivery_id}/arrival
    """,
    "delivery ship": """
        POST /deliveries/{delivery_id}/shipment
    """,
    "email send": """
        POST /emails/{email_id}/sending
        POST /emails/{email_id}/settlement
    """,
    "invoice change": """
        PATCH /invoices/{invoice_id}
    """,
    "invoice create": """
        POST /invoices
        POST /orders/{order_id}/down-payments
        POST /orders/{order_id}/invoices
    """,
    "invoice credit": """
        POST /invoices/{invoice_id}/credit-notes
    """,
    "invoice discard": """
        POST /invoices/{invoice_id}/discarding
    """,
    "invoice issue": """
        POST /invoices/{invoice_id}/issuance
    """,
    "invoice send": """
        POST /invoices/{invoice_id}/links
        POST /invoices/{invoice_id}/sending
    """,
    "order amend": """
        POST /orders/{order_id}/amendments
    """,
    "order cancel": """
        POST /orders/{order_id}/cancellation
        POST /orders/{order_id}/rest-cancellation
    """,
    "order change": """
        DELETE /attachments/{attachment_id}
        PUT /orders/{order_id}
        POST /orders/{order_id}/closure
        POST /orders/{order_id}/holds
        POST /orders/{order_id}/notes
        POST /orders/{order_id}/prices
        POST /orders/{order_id}/splits
    """,
    "order confirm": """
        POST /orders/{order_id}/confirmation
    """,
    "order create": """
        POST /orders
    """,
    "payment allocate": """
        POST /invoices/{invoice_id}/allocations
        POST /payments/{payment_id}/allocations
    """,
    "payment record": """
        POST /payments
        POST /payments/{payment_id}/clearing
    """,
    "payment reverse": """
        POST /payments/{payment_id}/reversal
    """,
    "period close": """
        POST /periods/closure
        POST /periods/reopening
    """,
    "price_list archive": """
        DELETE /price-lists/{price_list_id}
    """,
    "price_list change": """
        PATCH /price-lists/{price_list_id}
        PUT /price-lists/{price_list_id}/entries
    """,
    "price_list create": """
        POST /price-lists
    """,
    "product archive": """
        PUT /products/{product_id}/archive
        DELETE /products/{product_id}/archive
    """,
    "product change": """
        POST /product-categories
        PUT /product-categories/{category_id}
        POST /product-families
        PUT /product-families/{family_id}
        PATCH /products/{product_id}
    """,
    "product create": """
        POST /products
    """,
    "quotation accept": """
        POST /quotations/{quotation_id}/acceptance
        POST /quotations/{quotation_id}/decline
    """,
    "quotation cancel": """
        POST /quotations/{quotation_id}/cancellation
    """,
    "quotation change": """
        PUT /quotations/{quotation_id}
        POST /quotations/{quotation_id}/notes
        POST /quotations/{quotation_id}/revision
    """,
    "quotation create": """
        POST /quotation-templates
        DELETE /quotation-templates/{template_id}
        POST /quotation-templates/{template_id}/quotations
        POST /quotations
        POST /quotations/{quotation_id}/copies
    """,
    "quotation send": """
        POST /quotations/{quotation_id}/links
        POST /quotations/{quotation_id}/sending
    """,
    "setting change": """
        POST /customer-groups
        PUT /customer-groups/{group_id}
        POST /payment-terms
        PUT /payment-terms/{term_id}
        POST /tax-categories
        PUT /tax-categories/{category_id}
        POST /units
        PUT /units/{unit_id}
    """,
    "setting manage": """
        POST /bank-accounts
        PUT /bank-accounts/{account_id}
        PUT /bank-accounts/{account_id}/archive
        DELETE /bank-accounts/{account_id}/archive
        POST /branches
        PATCH /branches/{branch_id}
        PUT /branches/{branch_id}/archive
        DELETE /branches/{branch_id}/archive
        POST /channels
        PUT /channels/{row_id}
        PUT /channels/{row_id}/archive
        DELETE /channels/{row_id}/archive
        PATCH /company
        DELETE /company/logo
        PUT /fiscal-settings/{valid_from}
        PUT /mail-settings
        POST /teams
        PUT /teams/{row_id}
        PUT /teams/{row_id}/archive
        DELETE /teams/{row_id}/archive
        POST /territories
        PUT /territories/{row_id}
        PUT /territories/{row_id}/archive
        DELETE /territories/{row_id}/archive
        POST /warehouses
        PATCH /warehouses/{warehouse_id}
        PUT /warehouses/{warehouse_id}/archive
        DELETE /warehouses/{warehouse_id}/archive
    """,
    "stock cancel": """
        POST /stock/counts/{count_id}/cancellation
        POST /stock/expected-receipts/{expected_id}/cancellation
    """,
    "stock change": """
        POST /stock/counts/{count_id}/entries
    """,
    "stock create": """
        POST /stock/counts
        POST /stock/expected-receipts
        POST /stock/expected-receipts/{expected_id}/reception
        POST /stock/receipts
        POST /stock/transfers
    """,
    "stock record": """
        POST /stock/adjustments
        POST /stock/counts/{count_id}/posting
    """,
    "user change": """
        PATCH /users/{user_id}
    """,
    "user create": """
        POST /users
    """,
    "user manage": """
        POST /roles
        PUT /roles/{code}/grants
        DELETE /tokens/{token_id}
        POST /users/{user_id}/roles
        DELETE /users/{user_id}/roles/{role}
    """,
}
"""The right that each writing operation of the API takes."""

BODIES = {"PATCH /users/{user_id}": {"name": "Baru"}}
"""Where the smallest body changes nothing, so that nothing is asked."""

OF_ALL = ("/quotation-templates/", "/tags")
"""Templates and tags are the whole company's, whoever made them."""


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


def test_no_role_is_shown_a_kind_that_it_may_not_view(tmp_path: Path) -> None:
    whole = make_everything(OURS, tmp_path)

    everything = shown(whole, whole.world.owner)
    seen = {code: shown(whole, make_user(whole.world.company, code), everything) for code in STANDARD_ROLES}

    wrong = [
        f"{code} is shown {address}"
        for code, found in seen.items()
        for address, kind in found.items()
        if (kind, "view") not in STANDARD_ROLES[code].grants
    ]
    assert not wrong, "\n".join(wrong)
    assert seen["owner"] == everything
    assert len(everything) > 60
    assert set(everything.values()) == set(KINDS.values())


def rights_of_operations() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for right, listed in OPERATIONS.items():
        kind, action = right.split()
        found |= dict.fromkeys(filter(None, map(str.strip, listed.splitlines())), (kind, action))
    return found


def test_every_writing_operation_of_the_api_has_its_right() -> None:
    writing = {str(one) for one in operations() if one.method != "GET" and not one.is_form}

    assert writing == rights_of_operations().keys() | ANYBODY


@pytest.mark.parametrize("code", sorted(STANDARD_ROLES.keys() - {"owner", "administrator"}))
def test_by_the_api_a_role_does_exactly_what_it_is_granted(code: str, tmp_path: Path) -> None:
    """With the right for all it gets the owner's answer. Without it nothing changes; nor does it with a narrower one,
    since what is sent names a colleague's documents, customers and places."""
    whole = make_everything(OURS, tmp_path)
    rights, grants = rights_of_operations(), STANDARD_ROLES[code].grants
    owner, other = program(whole.world.owner), program(make_user(whole.world.company, code))
    before, wrong = history_of(whole.world.company.id), []

    def send(api: Any, one: Operation) -> tuple[int, bool]:
        body = b"" if one.body is None else orjson.dumps(BODIES.get(str(one)) or smallest(one.body, whole.ids))
        with transaction.atomic():
            answer = api.generic(
                one.method, one.url({**whole.ids, "valid_from": "2027-01-01"}), body, content_type="application/json"
            )
            changed = history_of(whole.world.company.id) != before
            transaction.set_rollback(True)
        return answer.status_code, changed

    for one in operations():
        if (right := rights.get(str(one))) is None:
            continue
        status, changed = send(other, one)
        if grants.get(right) == "all":
            good = (status, changed) == send(owner, one)
        elif right in grants and one.path.startswith(OF_ALL):
            good = status < 400
        else:
            good = status in (403, 404) and not changed
        if not good:
            wrong.append(f"{one}: {status}, {changed}")

    assert not wrong, "\n".join(wrong)


def test_who_may_only_look_changes_nothing_on_any_page(tmp_path: Path) -> None:
    whole = make_everything(OURS, tmp_path)
    browser = person(make_user(whole.world.company, "auditor"))
    before, wrong = history_of(whole.world.company.id), []

    for route, _names in pages(get_resolver()):
        with transaction.atomic():
            browser.post(filled(route, whole.ids), {"name": "Baru", "reason": "Baru", "code": "N1"})
            if history_of(whole.world.company.id) != before:
                wrong.append(f"POST {route}")
            transaction.set_rollback(True)

    assert not wrong, "\n".join(wrong)
