"""Approving on a phone of 360 px: from the mail's link through the log-in to one tap, and a no that says why."""

import re
from decimal import Decimal
from typing import Any

from niaga.approvals.models import ApprovalDecision, ApprovalRequest
from niaga.approvals.tests.shop import Shop, every, that
from niaga.sales.models import SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.apply_change import apply_when_approved
from tests.makers import NOW

PHONE = 360


def fits(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= PHONE)


def is_for_a_thumb(page: Any, selector: str) -> bool:
    """At least 44 px high, and on the screen without scrolling sideways."""
    box = page.locator(selector).bounding_box()
    return bool(box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= PHONE)


def test_the_mails_link_asks_for_a_log_in_and_one_tap_approves(open_page: Any) -> None:
    shop = Shop()
    shop.manager.set_password("kata-sandi-maya-27")
    shop.manager.save()
    shop.rule(name="Diskon besar")
    request = shop.ask(shop.order(quantity=3, discount=20))

    page = open_page(f"/approvals/{request.id}", width=PHONE)
    page.fill("[name=login]", shop.manager.username)
    page.fill("[name=password]", "kata-sandi-maya-27")
    page.press("[name=password]", "Enter")
    page.wait_for_url(re.compile(f"/approvals/{request.id}$"))

    assert fits(page)
    told = page.inner_text("main")
    assert "Diskon besar" in told
    assert "Margin" in told
    assert is_for_a_thumb(page, ".approval-acts form button")
    page.click(".approval-acts form button")
    page.wait_for_selector(".approval-acts", state="detached")
    decision = ApprovalDecision.objects.get()
    assert (decision.decided_by_id, decision.approved) == (shop.manager.id, True)
    assert ApprovalRequest.objects.get().status == "approved"


def test_the_queue_is_decided_with_a_thumb_and_a_no_says_why(open_page: Any) -> None:
    shop = Shop()
    shop.rule(every(that("below_cost", "is", None)), name="Di bawah harga pokok")
    first, second = (shop.ask(shop.order(quantity=2, price=50_000)) for _turn in range(2))

    page = open_page("/approvals", by=shop.manager, width=PHONE)
    assert fits(page)
    card = f"[aria-labelledby='approval-{first.id}']"
    assert is_for_a_thumb(page, f"{card} form button")
    page.click(f"{card} form button")
    page.wait_for_selector(card, state="detached")
    page.click(f"[data-dialog='reject-{second.id}']")
    page.fill(f"#reject-{second.id} textarea", "Rugi")
    assert fits(page)
    page.click(f"#reject-{second.id} button[type=submit]")
    page.wait_for_selector(f"[aria-labelledby='approval-{second.id}']", state="detached")

    said = dict(ApprovalDecision.objects.values_list("request_id", "reason"))
    assert said == {first.id: "", second.id: "Rugi"}
    assert set(ApprovalRequest.objects.values_list("status", flat=True)) == {"approved", "rejected"}


def test_a_change_of_a_promise_is_approved_on_a_phone_and_made(open_page: Any) -> None:
    shop = Shop()
    order = shop.confirm(shop.order(quantity=5, discount=5))
    shop.rule()
    line = SalesOrderLine.objects.get(order=order)
    wish = LineInput(
        id=line.id, product_id=shop.product.id, quantity=Decimal(8), discount_percent=Decimal(20)
    )  # fmt: skip
    amend_order(order_id=order.id, version=None, lines=[wish], by=shop.seller, at=NOW, instead="ask")
    request = ApprovalRequest.objects.get()

    page = open_page(f"/approvals/{request.id}", by=shop.manager, width=PHONE)
    assert fits(page)
    assert re.search(r"semula 5 pcs × 100\.000 − 5\s?%", page.inner_text("main"))
    page.click(".approval-acts form button")
    page.wait_for_selector(".approval-acts", state="detached")
    apply_when_approved(request_id=request.id, at=NOW)
    page.reload()

    assert fits(page)
    assert "Perubahan diterapkan" in page.inner_text("main")
    line.refresh_from_db()
    assert (line.quantity, line.discount_percent) == (8, 20)
