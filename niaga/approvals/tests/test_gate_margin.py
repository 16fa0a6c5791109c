"""What counts as given away: discounts, prices below the list, margin, cost and the floor of a list."""

from decimal import Decimal

import pytest

from niaga.approvals.errors import ApprovalNeeded
from niaga.approvals.tests.shop import Shop, every, some, that, with_floor
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.draft_order import OrderDetails
from niaga.sales.services.update_order import update_order
from niaga.sales.tests.test_promotions import promote
from tests.makers import NOW

pytestmark = pytest.mark.django_db


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
