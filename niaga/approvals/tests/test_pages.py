"""The doors: one tap, a reason for a no, what may be seen, and what is wrong said where it is."""

from decimal import Decimal

import pytest
from django.urls import reverse

from niaga.approvals.models import ApprovalRequest, ApprovalRule, Delegation
from niaga.approvals.tests.shop import MANAGER, OWNER, Shop, every, some, step, that, with_floor
from niaga.sales.models import SalesOrder
from tests.api import Api
from tests.makers import NOW, log_in, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


def page(user, address):
    user.language = "en"
    user.save()
    return log_in(user).get(address, headers={"accept-language": "en"}).content.decode()


def test_the_queue_shows_what_waits_and_one_tap_approves():
    shop = Shop()
    shop.rule(name="Diskon besar")
    request = shop.ask(shop.order(quantity=3, discount=20))

    shown = page(shop.manager, "/approvals")
    answer = log_in(shop.manager).post(
        f"/approvals/{request.id}/approval", {"facts_hash": request.facts_hash, "back": "queue"}
    )

    assert "Toko Makmur" in shown
    assert "Diskon besar" in shown
    assert (answer.status_code, answer["Location"]) == (303, "/approvals")
    request.refresh_from_db()
    assert request.status == "approved"
    assert "Toko Makmur" not in page(shop.manager, "/approvals")


def test_a_no_without_a_reason_is_refused_at_the_field():
    shop = Shop()
    shop.rule()
    request = shop.ask(shop.order(discount=20))

    answer = log_in(shop.manager).post(
        f"/approvals/{request.id}/rejection", {"reason": ""}, headers={"hx-request": "1"}
    )

    assert answer.status_code in (409, 422)
    request.refresh_from_db()
    assert request.status == "waiting"


def test_the_link_of_the_mail_asks_for_a_log_in_and_leads_back(client):
    shop = Shop()
    shop.rule()
    request = shop.ask(shop.order(discount=20))

    answer = client.get(f"/approvals/{request.id}")

    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('account_login')}?next=/approvals/{request.id}"


def test_the_approver_sees_margin_and_why_this_price_and_the_seller_sees_no_margin():
    shop = Shop()
    shop.rule()
    request = shop.ask(shop.order(quantity=3, discount=20))

    decider, seller = (page(user, f"/approvals/{request.id}") for user in (shop.manager, shop.seller))

    assert "Margin" in decider.partition("<main")[2]
    assert "Why this price" in decider
    assert "Margin" not in seller.partition("<main")[2]
    assert "Approve</button>" not in seller


def test_the_approver_sees_how_the_customer_buys_and_what_is_below_the_floor_and_the_seller_no_floor():
    shop = Shop()
    with_floor(shop)
    shop.rule(every(that("below_floor", "above", "0")), name="Di bawah batas")
    shop.confirm(shop.order(quantity=2, discount=5))
    request = shop.ask(shop.order(quantity=2, price=72_000))

    decider, seller = (page(user, f"/approvals/{request.id}") for user in (shop.manager, shop.seller))
    queue = page(shop.manager, "/approvals")
    told = Api(shop.seller).send("get", f"approvals/{request.id}").json()["facts"]

    assert "How they buy and pay" in decider
    assert "Usual discount" in decider
    assert "Rp 6,000 (4.0%) below the floor" in decider.replace("\xa0", " ")
    assert "Below the price floor by" in queue
    assert "6,000" not in seller.partition("<main")[2]
    assert "discount_percent" in told
    assert not {"below_floor", "below_floor_percent", "margin"} & set(told)


def test_the_page_says_when_the_document_got_worse_since():
    from niaga.sales.services.draft_order import OrderDetails
    from niaga.sales.services.update_order import update_order

    shop = Shop()
    shop.rule()
    order = shop.order(discount=20)
    request = shop.ask(order)
    assert "got worse" not in page(shop.manager, f"/approvals/{request.id}")

    update_order(
        order_id=order.id, version=order.version, lines=shop.lines(discount=25), details=OrderDetails(), by=shop.seller,
        at=NOW,
    )  # fmt: skip

    assert "got worse" in page(shop.manager, f"/approvals/{request.id}")


def test_a_document_says_what_it_waits_for_and_offers_the_one_next_deed():
    shop = Shop()
    shop.rule(name="Diskon besar")
    order = shop.order(discount=20)
    before = page(shop.seller, f"/orders/{order.id}")

    answer = log_in(shop.seller).post(f"/orders/{order.id}/approval-request", {"note": "Pelanggan baru"})
    after = page(shop.seller, f"/orders/{order.id}")
    request = ApprovalRequest.objects.get()
    shop.say(request, shop.manager, reason="Baik")
    approved = page(shop.seller, f"/orders/{order.id}")

    assert "Needs an approval. Diskon besar: Discount above 10" in before
    assert 'data-dialog="ask-approval"' in before
    assert 'data-dialog="confirm-order"' not in before
    assert answer.status_code == 303
    assert request.note == "Pelanggan baru"
    assert "Waits for approval of Maya, asked by Sari" in after
    assert 'data-dialog="ask-approval"' not in after
    assert "Approved by Maya" in approved
    assert 'data-dialog="confirm-order"' in approved


def test_a_rejected_document_says_why_and_can_be_asked_again():
    shop = Shop()
    shop.rule()
    quotation = shop.quotation(discount=20)
    shop.say(shop.ask(quotation), shop.manager, yes=False, reason="Terlalu murah")

    shown = page(shop.seller, f"/quotations/{quotation.id}")

    assert "Not approved by Maya" in shown
    assert "“Terlalu murah”" in shown
    assert 'data-dialog="ask-approval"' in shown


def fields(**more):
    return {
        "name": "Diskon besar", "position": "1", "condition-1-field": "discount_percent",
        "condition-1-op": "above", "condition-1-value": "12,5",
        "steps-1-mode": "any", "steps-1-approvers": ["manager:", "role:owner"], **more,
    }  # fmt: skip


def saved(shop, **more):
    return log_in(shop.owner).post("/settings/approvals/new", fields(**more))


def test_a_rule_is_set_on_its_form():
    shop = Shop()
    shop.owner.language = "id"
    shop.owner.save()

    answer = saved(
        shop,
        **{
            "condition-3-joint": "and", "condition-3-field": "margin_percent", "condition-3-op": "below",
            "condition-3-value": "15", "condition-3-unknown": "on", "condition-7-joint": "or",
            "condition-7-field": "team", "condition-7-team": [str(shop.team)], "steps-1-hours": "24",
            "steps-1-then": str(shop.finance.id), "least": "5.000.000",
        },
    )  # fmt: skip

    assert answer.status_code == 303
    rule = ApprovalRule.objects.get()
    assert rule.condition == some(
        every(that("discount_percent", "above", "12.5", False), that("margin_percent", "below", "15", True)),
        that("team", "is", [str(shop.team)], False),
    )
    assert rule.steps == [
        {"mode": "any", "approvers": [MANAGER, OWNER], "hours": 24, "then": str(shop.finance.id)}
    ]  # fmt: skip
    assert rule.least == Decimal(5_000_000)
    shown = log_in(shop.owner).get(f"/settings/approvals/{rule.id}").content.decode()
    assert 'value="12,5"' in shown
    assert (
        "Diskon di atas 12,5\xa0% dan margin di bawah 15\xa0% (atau tidak diketahui), atau dijual tim Surabaya:"
        in shown
    )


ROWS = {
    "condition-1-field": "discount_percent", "condition-1-op": "above", "condition-1-value": "10",
    "condition-2-joint": "and", "condition-2-field": "order_value", "condition-2-op": "above",
    "condition-2-value": "5000000", "condition-3-joint": "or", "condition-3-field": "margin_percent",
    "condition-3-op": "below", "condition-3-value": "8", "condition-4-joint": "and",
    "condition-4-field": "order_value", "condition-4-op": "above", "condition-4-value": "5000000",
}  # fmt: skip
EITHER = every(
    some(that("discount_percent", "above", "10", False), that("margin_percent", "below", "8", False)),
    that("order_value", "above", "5000000", False),
)


def test_a_rule_joined_the_other_way_round_is_shown_as_cases_and_stays_while_nobody_changes_it():
    shop = Shop()
    rule = shop.rule(EITHER, name="Diskon besar")
    browser = log_in(shop.owner)

    shown = browser.get(f"/settings/approvals/{rule.id}").content.decode()
    untouched = browser.post(f"/settings/approvals/{rule.id}", fields(**ROWS, least="1000000"))
    rule.refresh_from_db()

    assert shown.count('<option value="or" selected>') == 1
    assert untouched.status_code == 303
    assert (rule.condition, rule.least) == (EITHER, Decimal(1_000_000))

    changed = browser.post(f"/settings/approvals/{rule.id}", fields(**ROWS | {"condition-3-value": "7"}))
    rule.refresh_from_db()

    assert changed.status_code == 303
    assert rule.condition == some(
        every(that("discount_percent", "above", "10", False), that("order_value", "above", "5000000", False)),
        every(that("margin_percent", "below", "7", False), that("order_value", "above", "5000000", False)),
    )


def test_a_rule_of_too_many_cases_for_the_form_keeps_its_condition():
    shop = Shop()
    pair = some(that("discount_percent", "above", "10", False), that("margin_percent", "below", "8", False))
    rule = shop.rule(every(pair, pair, pair, pair), name="Diskon besar")
    shown = page(shop.owner, f"/settings/approvals/{rule.id}")
    browser = log_in(shop.owner)

    answer = browser.post(f"/settings/approvals/{rule.id}", {**fields(), "least": "1000000"})
    rule.refresh_from_db()

    assert "too many cases for this form" in shown
    assert 'name="condition-1-field"' not in shown
    assert answer.status_code == 303
    assert (rule.condition, rule.least) == (every(pair, pair, pair, pair), Decimal(1_000_000))


def test_the_form_says_in_a_sentence_what_is_typed_so_far():
    shop = Shop()
    shop.owner.language = "en"
    shop.owner.save()
    browser = log_in(shop.owner)

    def told(**more):
        sent = {**fields(), "condition-1-value": "12.5", **more}
        return browser.post("/settings/approvals/telling", sent).content.decode()

    half = {"condition-2-joint": "or", "condition-2-field": "margin_percent", "condition-2-value": "=1+1"}
    after = {"condition-3-joint": "and", "condition-3-field": "below_cost"}

    assert "Discount above 12.5%: decided by the seller&#x27;s manager or Owner." in told()
    assert "Discount above 12.5% or sold below cost: decided by" in told(**half, **after)
    assert "Here stands in one sentence" in told(**{"condition-1-value": "x"})
    assert log_in(shop.seller).post("/settings/approvals/telling", fields()).status_code == 403


@pytest.mark.parametrize(
    "value", ["=SUM(1,2)", "10; DROP TABLE x", "{{ 7*7 }}", "<script>alert(1)</script>", "1e999", ""]
)
def test_a_formula_in_a_figure_is_an_error_at_its_row(value):
    shop = Shop()

    answer = saved(shop, **{"condition-1-value": value})

    assert answer.status_code == 422
    shown = answer.content.decode()
    assert 'id="condition-1-error"' in shown
    assert "<script>alert" not in shown
    assert not ApprovalRule.objects.exists()


def test_an_approver_who_left_is_an_error_at_their_step():
    shop = Shop()
    shop.manager.is_active = False
    shop.manager.save()

    answer = saved(shop, **{"steps-1-approvers": [f"user:{shop.manager.id}"]})

    assert answer.status_code == 422
    assert "Maya" in answer.content.decode()
    assert not ApprovalRule.objects.exists()


def test_hostile_text_in_a_name_is_inert():
    shop = Shop()
    shop.rule(name="<img src=x onerror=alert(1)> %s {0} {{ x }}")
    request = shop.ask(shop.order(discount=20))

    for address in ("/approvals", f"/approvals/{request.id}", "/settings/approvals"):
        shown = page(shop.owner if "settings" in address else shop.manager, address)
        assert "<img src=x" not in shown
        assert "&lt;img src=x onerror=alert(1)&gt; %s {0} {{ x }}" in shown


def test_absence_is_set_and_ended_on_its_page():
    shop = Shop()
    browser = log_in(shop.manager)
    day = NOW.date().replace(year=2027).isoformat()

    wrong = browser.post(
        "/settings/delegations",
        {"person": str(shop.manager.id), "deputy": str(shop.manager.id), "first_day": day, "last_day": day},
    )
    right = browser.post(
        "/settings/delegations",
        {"person": str(shop.manager.id), "deputy": str(shop.finance.id), "first_day": day, "last_day": day},
    )
    found = Delegation.objects.get()
    ended = browser.post(f"/settings/delegations/{found.id}/end")

    assert (wrong.status_code, right.status_code, ended.status_code) == (422, 303, 303)
    found.refresh_from_db()
    assert found.ended_at is not None


def test_a_person_may_not_name_another_as_away():
    shop = Shop()
    day = NOW.date().replace(year=2027).isoformat()

    answer = log_in(shop.manager).post(
        "/settings/delegations",
        {"person": str(shop.finance.id), "deputy": str(shop.manager.id), "first_day": day, "last_day": day},
    )

    assert answer.status_code == 422
    assert not Delegation.objects.exists()


def test_a_colleague_without_a_part_in_it_gets_not_found():
    shop = Shop()
    shop.rule()
    request = shop.ask(shop.order(discount=20))
    other = make_user(shop.world.company, "salesperson")

    assert log_in(other).get(f"/approvals/{request.id}").status_code == 404
    assert log_in(other).post(f"/approvals/{request.id}/approval").status_code == 404
    assert SalesOrder.objects.get(pk=request.subject_id).status == "draft"


def test_steps_that_follow_one_another_are_all_told_on_the_page():
    shop = Shop()
    shop.rule(steps=[step(MANAGER), step(OWNER)])
    request = shop.ask(shop.order(discount=20))

    shown = page(shop.manager, f"/approvals/{request.id}")

    assert "Maya" in shown
    assert str(shop.owner) in shown
