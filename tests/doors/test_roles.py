"""Every standard role at every door: it is shown what it may view, and does what it is granted, and nothing more."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import get_resolver

from niaga.organization.rules.roles import STANDARD_ROLES
from tests.doors.test_closed_doors import OURS, filled, history_of, pages, person, program
from tests.everything import Everything, make_everything
from tests.makers import make_user
from tests.openapi import Operation, operations, smallest

pytestmark = pytest.mark.django_db

KINDS = {
    "customers": "customer", "products": "product", "price-lists": "price_list", "price-changes": "price_list",
    "publications": "price_list", "promotions": "price_list", "loyalty": "loyalty", "quotations": "quotation",
    "orders": "order", "deliveries": "delivery", "stock": "stock", "invoices": "invoice", "payments": "payment",
    "history": "historical_sale", "historical-sales": "historical_sale", "books": "ledger", "imports": "import",
    "mailbox": "email", "emails": "email", "tax-invoices": "tax_filing", "tax-files": "tax_filing",
    "tax-checks": "tax_filing", "tax-slips": "tax_filing", "buyer-returns": "tax_filing",
    "tax-currency-rates": "tax_filing",
    "exchange-rates": "exchange_rate",
    "credit-requests": "order", "credit-releases": "customer", "credit-policy": "customer",
    "approvals": "approval", "approval-rules": "approval", "delegations": "approval",
}  # fmt: skip
"""The kind of thing that stands behind an address, by its first part."""


ANYBODY = {"POST /notices/reading", "POST /prices/preview"}
"""What everybody may do who works here: read their own notices, ask for a price."""

OPERATIONS = {
    "approval decide": """
        POST /approvals/{approval_id}/approval
        POST /approvals/{approval_id}/rejection
    """,
    "approval manage": """
        POST /approval-rules
        PUT /approval-rules/{approval_rule_id}
        POST /approvals/{approval_id}/withdrawal
        POST /delegations
        DELETE /delegations/{delegation_id}
    """,
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
        POST /customers/{customer_id}/credit-raises
        PUT /credit-policy
        POST /credit-requests/{credit_request_id}/refusal
        POST /credit-requests/{credit_request_id}/release
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
        POST /deliveries/{delivery_id}/credit-requests
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
    "loyalty adjust": """
        PUT /loyalty/members/{customer_id}
        POST /loyalty/members/{customer_id}/entries
        PUT /loyalty/members/{customer_id}/tier
    """,
    "loyalty change": """
        PUT /loyalty
        POST /loyalty/tiers
        PUT /loyalty/tiers/{tier_id}
        PUT /loyalty/tiers/{tier_id}/archive
    """,
    "order amend": """
        POST /orders/{order_id}/amendment-approvals
        POST /orders/{order_id}/amendment-approvals/{approval_id}/amendment
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
        POST /orders/{order_id}/approvals
        POST /orders/{order_id}/credit-requests
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
        PUT /price-lists/{price_list_id}/archive
        DELETE /price-lists/{price_list_id}/archive
        PUT /promotions/{promotion_id}/archive
        DELETE /promotions/{promotion_id}/archive
    """,
    "price_list change": """
        PATCH /price-lists/{price_list_id}
        PUT /price-lists/{price_list_id}/entries
        PUT /price-lists/{price_list_id}/rules
        PUT /promotions/{promotion_id}
        POST /promotions/{promotion_id}/coupons
        PUT /promotions/{promotion_id}/coupons/{coupon_id}
        DELETE /promotions/{promotion_id}/coupons/{coupon_id}
        POST /price-lists/{price_list_id}/changes
        POST /promotions/{promotion_id}/changes
        PUT /price-changes/{promotion_change_id}/promotion
        PATCH /price-changes/{change_id}
        PUT /price-changes/{change_id}/entries
        PUT /price-changes/{change_id}/rules
        POST /price-changes/{change_id}/counting
        POST /price-changes/{change_id}/review
        POST /price-changes/{change_id}/publication
        PUT /price-changes/{change_id}/schedule
        DELETE /price-changes/{change_id}/schedule
        POST /price-changes/{change_id}/discarding
        POST /publications/{publication_id}/rollback
    """,
    "price_list create": """
        POST /price-lists
        POST /promotions
        POST /promotion-changes
        POST /price-changes
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
        PUT /quotation-templates/{template_id}/archive
        DELETE /quotation-templates/{template_id}/archive
        POST /quotation-templates/{template_id}/quotations
        POST /quotations
        POST /quotations/{quotation_id}/copies
    """,
    "quotation send": """
        POST /quotations/{quotation_id}/approvals
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
    "exchange_rate record": """
        PUT /exchange-rates
    """,
    "setting manage": """
        PUT /currencies
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
    "tax_filing create": """
        POST /tax-files
        POST /tax-files/{tax_file_id}/withdrawal
    """,
    "tax_filing record": """
        POST /tax-serials
        POST /invoices/{invoice_id}/tax-facts
        POST /invoices/{invoice_id}/tax-slips
        POST /tax-slips/{tax_slip_id}/reversal
        POST /invoices/{invoice_id}/tax-cancellation
        POST /invoices/{invoice_id}/tax-exclusion
        POST /invoices/{invoice_id}/tax-inclusion
        PUT /invoices/{invoice_id}/buyer-return
        PUT /tax-currency-rates
        POST /customers/{customer_id}/tax-treatments
        PUT /customers/{customer_id}/tax-treatments/{treatment_id}
        DELETE /customers/{customer_id}/tax-treatments/{treatment_id}
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

BODIES = {
    "PATCH /users/{user_id}": {"name": "Baru"},
    "POST /loyalty/members/{customer_id}/entries": {"points": 5, "reason": "Baru"},
    "POST /promotions/{promotion_id}/coupons": {"codes": ["BARU"]},
    "PUT /currencies": {"other_currencies": ["SGD"]},
    "PUT /exchange-rates": {"rates": [{"currency": "USD", "date": "2026-11-18", "rate": "16450"}]},
    "PUT /tax-currency-rates": {"valid_from": "2026-11-18", "rates": [{"currency": "USD", "rate": "16450"}]},
}
"""Where the smallest body changes nothing, so that nothing is asked."""

OF_CUSTOMERS = "/loyalty/members/"
"""Points are those of a customer, who must be seen too."""

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
        hidden = one.path.startswith(OF_CUSTOMERS) and grants.get(("customer", "view")) != "all"
        if grants.get(right) == "all" and not hidden:
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


FORMS: dict[str, tuple[str, dict[str, str]]] = {
    "/customers/{customer_id}/archive": ("customer archive", {}),
    "/customers/{customer_id}/notes": ("customer change", {"text": "Baru"}),
    "/customers/{customer_id}/consents": ("customer change", {"purpose": "marketing_email", "source": "Baru"}),
    "/products/{product_id}/archive": ("product archive", {}),
    "/products/categories/new": ("product change", {"name": "Baru"}),
    "/price-lists/{price_list_id}/archive": ("price_list archive", {}),
    "/price-lists/{price_list_id}/formulas/new": ("price_list change", {"basis": "price", "brand": "Baru"}),
    "/price-lists/{price_list_id}/changes/new": ("price_list change", {"name": "Baru"}),
    "/promotions/{promotion_id}/changes/new": ("price_list change", {"name": "Baru"}),
    "/price-changes/{promotion_change_id}/promotion": (
        "price_list change",
        {"name": "Baru", "priority": "0", "tier_figure": "5"},
    ),
    "/price-changes/{change_id}/formulas/new": ("price_list change", {"basis": "price", "brand": "Baru"}),
    "/price-changes/{change_id}/moment": ("price_list change", {"day": "2099-12-01", "hour": "08:00"}),
    "/price-changes/{change_id}/publication": ("price_list change", {}),
    "/price-changes/{change_id}/no-moment": ("price_list change", {}),
    "/price-changes/{change_id}/review": ("price_list change", {}),
    "/price-changes/{change_id}/counting": ("price_list change", {}),
    "/price-changes/{change_id}/discarding": ("price_list change", {}),
    "/publications/{publication_id}/rollback": ("price_list change", {}),
    "/price-lists/new": ("price_list create", {"code": "N1", "name": "Baru", "currency": "IDR", "priority": "0"}),
    "/promotions/new?kind=percent": ("price_list create", {"name": "Baru", "priority": "0", "tier_figure": "5"}),
    "/promotions/{promotion_id}/edit": (
        "price_list change",
        {"name": "Baru", "priority": "0", "tier_figure": "5", "by_coupon": "on"},
    ),
    "/promotions/{promotion_id}/archive": ("price_list archive", {}),
    "/promotions/{promotion_id}/coupons/new": ("price_list change", {"codes": "BARU"}),
    "/promotions/{promotion_id}/coupons/{coupon_id}/withdrawal": ("price_list change", {}),
    "/customers/{customer_id}/discounts/new": ("price_list create", {"name": "Baru", "kind": "percent", "figure": "5"}),
    "/loyalty/programme": (
        "loyalty change",
        {
            "name": "Baru",
            "points": "2",
            "per_amount": "10000",
            "most_percent": "50",
            "tier_months": "12",
        },
    ),
    "/loyalty/switching-off": ("loyalty change", {}),
    "/loyalty/tiers/new": ("loyalty change", {"name": "Baru", "threshold": "900", "multiplier": "2"}),
    "/loyalty/tiers/{tier_id}": ("loyalty change", {"name": "Baru", "threshold": "900", "multiplier": "2"}),
    "/loyalty/tiers/{tier_id}/archive": ("loyalty change", {}),
    "/loyalty/members/{customer_id}/points": ("loyalty adjust", {"way": "give", "points": "5", "reason": "Baru"}),
    "/loyalty/members/{customer_id}/tier": (
        "loyalty adjust",
        {"tier_id": "{tier_id}", "until": "2099-12-01", "reason": "Baru"},
    ),
    "/quotations/{quotation_id}/sending": ("quotation send", {"to": "sari@example.com"}),
    "/quotations/{quotation_id}/acceptance": ("quotation accept", {}),
    "/quotations/{quotation_id}/decline": ("quotation accept", {"reason": "Baru"}),
    "/quotations/{quotation_id}/cancellation": ("quotation cancel", {"reason": "Baru"}),
    "/quotations/{quotation_id}/revision": ("quotation change", {}),
    "/quotations/{quotation_id}/notes": ("quotation change", {"text": "Baru"}),
    "/quotations/{quotation_id}/copy": ("quotation create", {}),
    "/quotations/{quotation_id}/template": ("quotation create", {"name": "Baru"}),
    "/quotations/{quotation_id}/link": ("quotation send", {}),
    "/quotations/templates/{template_id}/archive": ("quotation create", {}),
    "/approvals/{approval_id}/approval": ("approval decide", {}),
    "/approvals/{approval_id}/rejection": ("approval decide", {"reason": "Baru"}),
    "/approvals/{approval_id}/withdrawal": ("approval manage", {}),
    "/quotations/{quotation_id}/approval-request": ("quotation send", {"note": "Baru"}),
    "/orders/{order_id}/approval-request": ("order confirm", {"note": "Baru"}),
    "/settings/approvals/new": (
        "approval manage",
        {
            "name": "Baru",
            "position": "1",
            "condition-1-field": "discount_percent",
            "condition-1-op": "above",
            "condition-1-value": "10",
            "steps-1-approvers": "manager:",
        },
    ),
    "/settings/delegations/{delegation_id}/end": ("approval manage", {}),
    "/credit-releases/{credit_request_id}/release": ("customer credit", {"reason": "Baru"}),
    "/credit-releases/{credit_request_id}/refusal": ("customer credit", {"reason": "Baru"}),
    "/orders/{order_id}/credit-request": ("order confirm", {"amount": "999.999.999.999.999"}),
    "/orders/{order_id}/cancellation": ("order cancel", {"reason": "Baru"}),
    "/orders/{order_id}/rest": ("order cancel", {"reason": "Baru"}),
    "/orders/{order_id}/notes": ("order change", {"text": "Baru"}),
    "/orders/{order_id}/invoices": ("invoice create", {"basis": "ordered"}),
    "/orders/{order_id}/down-payment": ("invoice create", {"percent": "30"}),
    "/deliveries/{delivery_id}/picking": ("delivery change", {}),
    "/deliveries/{delivery_id}/carrier": ("delivery change", {"carrier": "Baru"}),
    "/deliveries/{delivery_id}/shipment": ("delivery ship", {}),
    "/deliveries/{delivery_id}/cancellation": ("delivery cancel", {"reason": "Baru"}),
    "/stock/counts/{count_id}/cancellation": ("stock cancel", {}),
    "/stock/counts/{count_id}/posting": ("stock record", {}),
    "/stock/expected/{expected_id}/receipt": ("stock create", {}),
    "/stock/expected/{expected_id}/cancellation": ("stock cancel", {"reason": "Baru"}),
    "/invoices/{invoice_id}/sending": ("invoice send", {"to": "sari@example.com"}),
    "/invoices/{invoice_id}/link": ("invoice send", {}),
    "/invoices/{invoice_id}/credit": ("invoice credit", {"reason": "Baru"}),
    "/invoices/{invoice_id}/tax-serial": ("tax_filing record", {"serial": "04002600000000999"}),
    "/customers/{customer_id}/tax-treatments/new": (
        "tax_filing record",
        {"is_taxed": "1", "transaction_code": "02", "valid_from": "2026-12-01"},
    ),
    "/invoices/{invoice_id}/tax-facts": ("tax_filing record", {}),
    "/invoices/{invoice_id}/tax-cancellation": ("tax_filing record", {"reason": "Baru"}),
    "/invoices/{invoice_id}/tax-exclusion": ("tax_filing record", {"reason": "Baru"}),
    "/invoices/{invoice_id}/tax-inclusion": ("tax_filing record", {}),
    "/invoices/{invoice_id}/tax-slips": ("tax_filing record", {"number": "NTPN-9", "date": "2026-11-23"}),
    "/tax-slips/{tax_slip_id}/reversal": ("tax_filing record", {"reason": "Baru"}),
    "/tax-invoices/rates/new": ("tax_filing record", {"valid_from": "2026-11-18", "rows": "USD 16450"}),
    "/tax-invoices/files/new": ("tax_filing create", {"month": "2026-11"}),
    "/tax-invoices/files/{tax_file_id}/withdrawal": ("tax_filing create", {}),
    "/payments/{payment_id}/reversal": ("payment reverse", {"reason": "Baru"}),
    "/payments/{payment_id}/allocation": ("payment allocate", {"invoice": "{invoice_id}", "amount": "1000"}),
    "/books/months/change": ("period close", {"month": "2026-10-01", "deed": "close"}),
    "/imports/{batch_id}/undo": ("import undo", {}),
    "/settings/customer-groups/new": ("setting change", {"code": "N1", "name": "Baru"}),
    "/settings/units/new": ("setting change", {"code": "N1", "name": "Baru", "digits": "0"}),
    "/settings/warehouses/{warehouse_id}/archive": ("setting manage", {}),
    "/settings/branches/{branch_id}/archive": ("setting manage", {}),
    "/settings/teams/{team_id}/archive": ("setting manage", {}),
    "/settings/territories/{territory_id}/archive": ("setting manage", {}),
    "/settings/channels/{channel_id}/archive": ("setting manage", {}),
    "/settings/bank-accounts/{account_id}/archive": ("setting manage", {}),
    "/settings/currencies/choice": ("setting manage", {"currencies": "SGD", "rate_days": "7"}),
    "/settings/currencies/rates": ("exchange_rate record", {"date": "2026-11-18", "rows": "USD 16450"}),
    "/settings/users/{user_id}/activity": ("user change", {}),
    "/settings/users/{user_id}/roles/{membership_id}/removal": ("user manage", {}),
}
"""What a button or a form of a page sends, and the right that it takes."""


@pytest.mark.parametrize("code", sorted(STANDARD_ROLES.keys() - {"owner", "administrator"}))
def test_on_pages_a_role_does_exactly_what_it_is_granted(code: str, tmp_path: Path) -> None:
    whole = make_everything(OURS, tmp_path)
    grants = STANDARD_ROLES[code].grants
    owner, other = person(whole.world.owner), person(make_user(whole.world.company, code))
    before, wrong = history_of(whole.world.company.id), []

    def send(browser: Any, route: str, body: dict[str, str]) -> tuple[int, bool]:
        fields = {name: value.format(**whole.ids) for name, value in body.items()}
        with transaction.atomic():
            answer = browser.post(route.format(**whole.ids), fields)
            changed = history_of(whole.world.company.id) != before
            transaction.set_rollback(True)
        return answer.status_code, changed

    for route, (right, body) in FORMS.items():
        kind, action = right.split()
        status, changed = send(other, route, body)
        hidden = route.startswith(OF_CUSTOMERS) and grants.get(("customer", "view")) != "all"
        if grants.get((kind, action)) == "all" and not hidden:
            good = (status, changed) == send(owner, route, body)
        elif (kind, action) in grants and "/templates/" in route:
            good = changed
        else:
            good = status in (403, 404) and not changed
        if not good:
            wrong.append(f"{route}: {status}, {changed}; the owner: {send(owner, route, body)}")

    assert not wrong, "\n".join(wrong)


def test_the_owner_is_refused_none_of_these_forms(tmp_path: Path) -> None:
    """So that the refusals above are about the right; some are answered that a thing is in use or is as it was."""
    whole = make_everything(OURS, tmp_path)
    browser, before, wrong, done = person(whole.world.owner), history_of(whole.world.company.id), [], 0

    for route, (_right, body) in FORMS.items():
        fields = {name: value.format(**whole.ids) for name, value in body.items()}
        with transaction.atomic():
            status = browser.post(route.format(**whole.ids), fields).status_code
            done += status < 400 and history_of(whole.world.company.id) != before
            transaction.set_rollback(True)
        if status in (403, 404) or status >= 500:
            wrong.append(f"{route}: {status}")

    assert not wrong, "\n".join(wrong)
    assert done >= 40


UPLOADS = {
    **{kind: kind for kind in ("order", "quotation", "invoice", "customer", "product")}, "promotion": "price_list",
}  # fmt: skip
"""What takes files, and the kind of thing that one must be allowed to change for that."""


@pytest.mark.parametrize("code", sorted(STANDARD_ROLES.keys() - {"owner", "administrator"}))
def test_a_role_puts_files_only_where_it_may_change(code: str, tmp_path: Path) -> None:
    whole = make_everything(OURS, tmp_path)
    grants = STANDARD_ROLES[code].grants
    api = program(make_user(whole.world.company, code))
    before, wrong = history_of(whole.world.company.id), []

    for kind, right in UPLOADS.items():
        with transaction.atomic():
            answer = api.post(
                "/api/v1/attachments",
                {
                    "subject_kind": kind, "subject_id": whole[f"{kind}_id"],
                    "file": SimpleUploadedFile("a.txt", b"Baru", "text/plain"),
                },
            )  # fmt: skip
            changed = history_of(whole.world.company.id) != before
            transaction.set_rollback(True)
        allowed = grants.get((right, "change")) == "all"
        if (answer.status_code, changed) != ((201, True) if allowed else (answer.status_code, False)):
            wrong.append(f"{kind}: {answer.status_code}, {changed}")
        if not allowed and answer.status_code not in (403, 404):
            wrong.append(f"{kind}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)
