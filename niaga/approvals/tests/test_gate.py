"""Nothing binds a customer while a yes is missing; and what was approved is not asked again unless it got worse."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.approvals.errors import ApprovalAskedAlready, ApprovalNeeded, NoApprovalNeeded
from niaga.approvals.models import ApprovalDecision, ApprovalRequest, ApprovalStep
from niaga.approvals.tests.shop import Shop, every, some, step, that
from niaga.core.models import AuditEntry
from niaga.messaging.models import Email, Notice
from niaga.pricing.services.set_rules import NewRule, set_rules
from niaga.pricing.tests.makers import make_price_list
from niaga.sales.models import Quotation, SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.accept_quotation import accept_quotation
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.draft_order import OrderDetails
from niaga.sales.services.draft_quotation import QuotationDetails
from niaga.sales.services.revise_quotation import revise_quotation
from niaga.sales.services.share_quotation import share_quotation
from niaga.sales.services.update_order import update_order
from niaga.sales.services.update_quotation import update_quotation
from niaga.sales.tests.test_promotions import promote
from tests.makers import NOW, make_order

pytestmark = pytest.mark.django_db


def test_a_quotation_within_the_rules_is_sent_and_one_beyond_them_is_not():
    shop = Shop()
    shop.rule(name="Diskon besar")
    within, beyond = shop.quotation(discount=10), shop.quotation(discount=11)

    shop.send(within)
    with pytest.raises(ApprovalNeeded) as refused:
        shop.send(beyond)

    assert Quotation.objects.get(pk=within.id).status == "sent"
    assert Quotation.objects.get(pk=beyond.id).status == "draft"
    assert refused.value.facts == {"waiting": False, "rules": ["Diskon besar"]}
    assert not AuditEntry.objects.filter(subject_id=beyond.id, verb="send").exists()


def test_what_was_approved_is_sent_and_its_order_confirmed_without_asking_again():
    shop = Shop()
    shop.rule()
    quotation = shop.quotation(discount=15)

    request = shop.ask(quotation)
    shop.say(request, shop.manager)
    shop.send(quotation)
    order = accept_quotation(quotation_id=quotation.id, by=shop.seller, at=NOW)
    confirmed = shop.confirm(order)

    request.refresh_from_db()
    assert (request.status, request.waits_for) == ("approved", [])
    assert confirmed.status == "confirmed"
    assert ApprovalRequest.objects.count() == 1
    decision = ApprovalDecision.objects.get()
    assert (decision.decided_by, decision.approved, decision.on_behalf_of) == (shop.manager, True, None)
    assert decision.facts_hash == request.facts_hash
    assert AuditEntry.objects.get(subject_id=order.id, verb="confirm").data["approvals"][0]["revision"] == 1


def test_asking_tells_the_manager_by_bell_and_mail_with_a_link_that_needs_a_log_in():
    shop = Shop()
    shop.manager.email = "maya@example.com"
    shop.manager.save()
    shop.rule(name="Diskon besar")
    quotation = shop.quotation(discount=15)

    request = shop.ask(quotation)

    notice = Notice.objects.get()
    assert (notice.user_id, notice.url) == (shop.manager.id, f"/approvals/{request.id}")
    mail = Email.objects.get()
    assert mail.to == ["maya@example.com"]
    assert f"/approvals/{request.id}" in mail.text
    assert "Diskon besar" in mail.text


def test_a_change_after_the_yes_asks_again_only_when_it_got_worse():
    shop = Shop()
    shop.rule()
    quotation = shop.quotation(discount=15)
    shop.say(shop.ask(quotation), shop.manager)

    def with_discount(percent):
        now = Quotation.objects.get(pk=quotation.id)
        update_quotation(
            quotation_id=quotation.id, version=now.version, lines=shop.lines(discount=percent), by=shop.seller, at=NOW,
            details=QuotationDetails(),
        )  # fmt: skip

    with_discount(16)
    with pytest.raises(ApprovalNeeded):
        shop.send(quotation)
    with_discount(14)
    shop.send(quotation)

    assert Quotation.objects.get(pk=quotation.id).status == "sent"
    assert ApprovalRequest.objects.count() == 1


def test_a_yes_is_for_one_customer():
    shop = Shop()
    shop.rule()
    quotation = shop.quotation(discount=15)
    shop.say(shop.ask(quotation), shop.manager)
    other = shop.customer_of()

    update_quotation(
        quotation_id=quotation.id, version=quotation.version, customer_id=other.id, lines=shop.lines(discount=15),
        details=QuotationDetails(), by=shop.seller, at=NOW,
    )  # fmt: skip

    with pytest.raises(ApprovalNeeded):
        shop.send(quotation)


def test_a_rule_that_changed_what_it_asks_is_asked_anew_and_a_renamed_one_is_not():
    shop = Shop()
    rule = shop.rule(name="Lama")
    quotation = shop.quotation(discount=15)
    shop.say(shop.ask(quotation), shop.manager)

    shop.change(rule, name="Baru")
    shop.send(quotation)
    shop.change(rule, steps=[step({"seat": "role", "key": "owner"})])

    rule.refresh_from_db()
    assert rule.revision == 2
    with pytest.raises(ApprovalNeeded):
        shop.send(quotation)
    with pytest.raises(ApprovalNeeded):
        share_quotation(quotation_id=quotation.id, by=shop.seller, at=NOW)


def test_a_price_typed_below_the_list_counts_as_a_discount():
    shop = Shop()
    shop.rule()

    with pytest.raises(ApprovalNeeded):
        shop.confirm_kept(shop.order(price=89_000))

    assert shop.confirm_kept(shop.order(price=90_000)).status == "confirmed"


def test_a_discount_of_the_document_and_of_a_line_count_together():
    shop = Shop()
    shop.rule()

    order = shop.order(discount=6, discount_percent=Decimal(6))  # 11.64 % together

    with pytest.raises(ApprovalNeeded):
        shop.confirm(order)


def test_an_unknown_margin_needs_a_yes_when_a_rule_is_about_margin():
    shop = Shop()
    shop.rule(every(that("margin_percent", "below", "20")))
    shop.product = shop.product_of(cost=None)

    with pytest.raises(ApprovalNeeded):
        shop.confirm(shop.order())


def test_an_unknown_margin_passes_where_the_rule_says_so():
    shop = Shop()
    shop.rule(every(that("margin_percent", "below", "20", unknown=False)))
    shop.product = shop.product_of(cost=None)

    assert shop.confirm(shop.order()).status == "confirmed"


def test_below_cost_asks_again_when_it_goes_further_below():
    shop = Shop()
    shop.rule(every(that("below_cost", "is", None)))
    order = shop.order(price=55_000)
    shop.say(shop.ask(order), shop.manager)

    update_order(
        order_id=order.id, version=order.version, lines=shop.lines(price=50_000), details=OrderDetails(),
        by=shop.seller, at=NOW,
    )  # fmt: skip
    with pytest.raises(ApprovalNeeded):
        shop.confirm_kept(order)

    now = SalesOrder.objects.get(pk=order.id)
    update_order(
        order_id=order.id, version=now.version, lines=shop.lines(price=56_000), details=OrderDetails(), by=shop.seller,
        at=NOW,
    )  # fmt: skip
    assert shop.confirm_kept(order).status == "confirmed"


def with_floor(shop: Shop, least_margin: int = 20) -> None:
    """Everything a tenth below its own price, 90.000, and never below this margin: 75.000 at 20 %."""
    rule = NewRule("price", percent=Decimal(-10), least_margin=Decimal(least_margin))
    set_rules(price_list_id=make_price_list(shop.world.company).pk, rules=[rule], by=shop.owner, at=NOW)


def test_a_price_below_the_floor_of_its_list_waits_however_it_came_there():
    shop = Shop()
    with_floor(shop)
    shop.rule(every(that("below_floor", "above", "0")), name="Di bawah batas")

    assert shop.confirm(shop.order(quantity=2, discount=10)).status == "confirmed"  # 81.000
    for beneath in (
        shop.order(price=74_000), shop.order(discount=17), shop.order(discount_percent=Decimal(17)),
        shop.order(discount=9, discount_amount=Decimal(7_000)),
    ):  # fmt: skip
        with pytest.raises(ApprovalNeeded) as refused:
            shop.confirm(beneath)
        assert refused.value.facts["rules"] == ["Di bawah batas"]
        assert SalesOrder.objects.get(pk=beneath.id).status == "draft"


def test_below_the_floor_is_told_in_money_and_percent_and_asks_again_only_when_further_below():
    shop = Shop()
    with_floor(shop)
    shop.rule(every(that("below_floor_percent", "above", "3")))
    assert shop.confirm(shop.order(price=73_000)).status == "confirmed"  # 2.67 % below
    order = shop.order(quantity=2, price=72_000)

    request = shop.ask(order)
    shop.say(request, shop.manager)

    assert (request.facts["below_floor"], request.facts["below_floor_percent"]) == ("6000", "4")
    for price, passes in ((71_000, False), (72_500, True)):
        now = SalesOrder.objects.get(pk=order.id)
        update_order(
            order_id=order.id, version=now.version, lines=shop.lines(2, price=price), details=OrderDetails(),
            by=shop.seller, at=NOW,
        )  # fmt: skip
        if passes:
            assert shop.confirm_kept(order).status == "confirmed"
        else:
            with pytest.raises(ApprovalNeeded):
                shop.confirm_kept(order)


def test_what_a_promotion_takes_off_is_below_the_floor_but_its_gift_is_not():
    shop = Shop()
    with_floor(shop)
    shop.rule(every(that("below_floor", "above", "0")))
    promote(shop.world, "gift", 1, least=2, gift_product_id=shop.product.id)
    assert shop.confirm(shop.order(quantity=2)).status == "confirmed"

    promote(shop.world, "percent", 30)

    with pytest.raises(ApprovalNeeded):
        shop.confirm(shop.order())


def test_a_floor_without_a_cost_is_not_known_and_no_floor_at_all_is_never_passed():
    shop = Shop()
    shop.rule(every(that("below_floor", "above", "0")))
    assert shop.confirm(shop.order(price=1_000)).status == "confirmed"
    with_floor(shop)
    shop.product = shop.product_of(cost=None)

    with pytest.raises(ApprovalNeeded):
        shop.confirm(shop.order())


def test_a_promised_floor_is_kept_when_the_list_changes_and_an_amendment_below_it_waits():
    shop = Shop()
    with_floor(shop)
    order = shop.confirm(shop.order(quantity=2, discount=10))
    shop.rule(every(that("below_floor", "above", "0")))
    line = SalesOrderLine.objects.get(order=order)
    wish = LineInput(id=line.id, product_id=shop.product.id, quantity=Decimal(2), unit_price=Decimal(70_000))

    with pytest.raises(ApprovalNeeded):
        amend_order(order_id=order.id, version=None, lines=[wish], by=shop.seller, at=NOW)

    assert SalesOrderLine.objects.get(pk=line.id).unit_price == 90_000


def test_any_and_all_join_to_every_expression():
    shop = Shop()
    shop.rule(
        some(
            every(that("discount_percent", "above", "5"), that("order_value", "above", "1000000")),
            that("payment_term_days", "above", "45"),
        )
    )

    assert shop.confirm(shop.order(quantity=1, discount=6)).status == "confirmed"
    assert shop.confirm(shop.order(quantity=20)).status == "confirmed"
    with pytest.raises(ApprovalNeeded):
        shop.confirm(shop.order(quantity=20, discount=6))


def test_a_band_a_team_and_days_say_which_documents_a_rule_is_about():
    shop = Shop()
    shop.rule(least=Decimal(500_000), most=Decimal(1_000_000), team_id=shop.team)

    assert shop.confirm(shop.order(quantity=1, discount=20)).status == "confirmed"  # 88,800
    with pytest.raises(ApprovalNeeded):
        shop.confirm(shop.order(quantity=6, discount=20))  # 532,800
    assert shop.confirm(shop.order(quantity=12, discount=20)).status == "confirmed"  # 1,065,600


def test_nothing_is_asked_when_no_rule_holds_nor_twice_for_the_same():
    shop = Shop()
    shop.rule()
    within, beyond = shop.order(), shop.order(discount=20)

    with pytest.raises(NoApprovalNeeded):
        shop.ask(within)
    shop.ask(beyond)
    with pytest.raises(ApprovalAskedAlready):
        shop.ask(beyond)

    assert ApprovalRequest.objects.count() == 1


def test_asking_for_more_takes_the_earlier_request_back():
    shop = Shop()
    shop.rule()
    order = shop.order(discount=20)
    first = shop.ask(order)

    update_order(
        order_id=order.id, version=order.version, lines=shop.lines(discount=30), details=OrderDetails(),
        by=shop.seller, at=NOW,
    )  # fmt: skip
    second = shop.ask(order)

    first.refresh_from_db()
    assert (first.status, second.status) == ("withdrawn", "waiting")
    assert second.facts["discount_percent"] == "30"


def test_a_request_is_dropped_when_the_document_needs_it_no_more():
    shop = Shop()
    shop.rule()
    order = shop.order(discount=20)
    request = shop.ask(order)

    update_order(
        order_id=order.id, version=order.version, lines=shop.lines(discount=5), details=OrderDetails(), by=shop.seller,
        at=NOW,
    )  # fmt: skip
    shop.confirm(order)

    request.refresh_from_db()
    assert (request.status, request.waits_for) == ("withdrawn", [])


def test_an_amendment_that_makes_it_worse_waits_and_one_that_does_not_goes_through():
    shop = Shop()
    order = shop.confirm(shop.order(quantity=5, discount=12))
    shop.rule()
    line = SalesOrderLine.objects.get(order=order)

    def amended(discount, quantity=5, instead="amend"):
        wish = LineInput(
            id=line.id, product_id=shop.product.id, quantity=Decimal(quantity), discount_percent=Decimal(discount)
        )
        return amend_order(
            order_id=order.id,
            version=None,
            lines=[wish],
            by=shop.seller,
            at=NOW,
            reason="Lebih banyak",
            instead=instead,
        )

    assert amended(12, quantity=4).version == order.version + 1
    with pytest.raises(ApprovalNeeded):
        amended(20)
    assert SalesOrderLine.objects.get(pk=line.id).discount_percent == 12

    amended(20, instead="ask")
    request = ApprovalRequest.objects.get()
    assert SalesOrderLine.objects.get(pk=line.id).discount_percent == 12
    assert request.facts["discount_percent"] == "20"
    shop.say(request, shop.manager)
    amended(20)

    assert SalesOrderLine.objects.get(pk=line.id).discount_percent == 20


def test_a_revised_quotation_keeps_the_yes_it_has():
    shop = Shop()
    shop.rule()
    quotation = shop.quotation(discount=15)
    shop.say(shop.ask(quotation), shop.manager)
    shop.send(quotation)

    revise_quotation(quotation_id=quotation.id, by=shop.seller, at=NOW)
    shop.send(quotation)

    assert Quotation.objects.get(pk=quotation.id).status == "sent"
    assert ApprovalStep.objects.count() == 1


def test_what_a_promotion_takes_off_is_nobodys_to_approve_but_its_margin_is():
    shop = Shop()
    promote(shop.world, "percent", 30)
    shop.rule()

    assert shop.confirm(shop.order(quantity=2)).status == "confirmed"
    with pytest.raises(ApprovalNeeded):
        shop.confirm(shop.order(quantity=2, discount=15))
    shop.rule(every(that("margin_percent", "below", "20")))
    with pytest.raises(ApprovalNeeded):
        shop.confirm(shop.order(quantity=2))


def test_a_gift_of_a_promotion_is_no_discount_and_no_sale_below_cost():
    shop = Shop()
    shop.rule()
    shop.rule(some(that("below_cost", "is", None), that("line_margin_percent", "below", "10")))
    promote(shop.world, "gift", 1, least=2, gift_product_id=shop.product_of(cost=Decimal(1)).id)

    order = shop.order(quantity=2)

    assert order.lines.filter(gift_of__isnull=False).exists()
    assert shop.confirm(order).status == "confirmed"


@pytest.mark.parametrize("lines", [1, 40])
def test_rules_cost_one_statement_whatever_their_number_and_the_lines(lines):
    shop = Shop()
    few, many = ([*shop.lines()] * lines for _turn in range(2))
    plain = make_order(shop.world, few, customer=shop.customer, by=shop.seller)
    ruled = make_order(shop.world, many, customer=shop.customer, by=shop.seller)
    shop.confirm(make_order(shop.world, few, customer=shop.customer, by=shop.seller))

    with CaptureQueriesContext(connection) as without:
        shop.confirm(plain)
    for percent in range(20, 30):
        shop.rule(every(that("discount_percent", "above", str(percent))))
    with CaptureQueriesContext(connection) as with_rules:
        shop.confirm(ruled)

    assert len(with_rules) == len(without) + 1
