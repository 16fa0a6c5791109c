"""Promotions on quotations and orders: from the draft to the promise, and back."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from niaga.invoicing.models import Invoice
from niaga.pricing.errors import CouponRefused, PromotionUsedUp
from niaga.pricing.models import Coupon, PromotionUsage, PromotionUse
from niaga.pricing.rules.new_promotion import NewPromotion, NewScope
from niaga.pricing.rules.replay import replay
from niaga.pricing.services.archive_promotion import archive_promotion
from niaga.pricing.services.create_promotion import create_promotion
from niaga.pricing.services.make_coupons import make_coupons
from niaga.sales.errors import PricesChanged
from niaga.sales.models import SalesOrderLine
from niaga.sales.queries.why import why_order_line
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.cancel_order import cancel_order
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.draft_order import OrderDetails
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.kept_line import kept_line
from niaga.sales.services.take_prices import take_prices
from niaga.sales.services.update_order import update_order
from niaga.stock.models import Reservation
from tests.api import Api
from tests.makers import NOW, make_accepted_order, make_customer, make_order, make_product, make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def promote(world: Any, kind: str, figure: int, *, least: int = 0, scopes: Any = (), **terms: Any) -> Any:
    given = NewPromotion(
        name=terms.pop("name", "Promo akhir tahun"), kind=kind, tiers=((Decimal(least), Decimal(figure)),),
        scopes=tuple(scopes), **terms,
    )  # fmt: skip
    return create_promotion(company_id=world.company.id, promotion=given, by=world.owner, at=NOW)


def coupon(world: Any, promotion: Any, code: str = "HEMAT", **limits: Any) -> Coupon:
    return make_coupons(promotion_id=promotion.id, codes=[code], by=world.owner, at=NOW, **limits)[0]


def lines_of(order: Any) -> list[SalesOrderLine]:
    return list(SalesOrderLine.objects.filter(order_id=order.id).order_by("position").select_related("unit"))


def confirm(world: Any, order: Any, **how: Any) -> Any:
    return confirm_order(order_id=order.id, by=world.owner, at=LATER, **how)


def test_a_promotion_is_on_the_draft_and_counted_when_it_is_confirmed():
    world = make_world()
    coffee = make_product(world, price=Decimal(98_000), stock=10)
    sale = promote(world, "percent", 10)

    order = make_order(world, [LineInput(product_id=coffee.id, quantity=Decimal(3), discount_percent=Decimal(10))])

    line = lines_of(order)[0]
    assert (line.promotion_discount, line.discount_amount, line.amount) == (29_400, 55_860, 238_140)
    assert replay(line.steps, "IDR").amount == 238_140
    assert why_order_line(order_id=order.id, line_id=line.id, by=world.owner).sheet.agrees is True
    assert order.promotions == [
        {"id": str(sale.id), "name": "Promo akhir tahun", "code": "", "coupon_id": None, "amount": "29400"}
    ]
    assert PromotionUse.objects.count() == 0
    confirm(world, order)
    assert [(use.source_id, use.amount) for use in PromotionUse.objects.all()] == [(order.id, 29_400)]


def test_cancelling_gives_a_coupon_back_and_confirming_anew_takes_it_again():
    world = make_world()
    coffee = make_product(world, price=Decimal(100_000), stock=10)
    once = coupon(world, promote(world, "basket_amount", 15_000, by_coupon=True), most_uses=1)
    one = [LineInput(product_id=coffee.id)]
    order = make_order(world, one, coupon_codes=["hemat"])
    confirm(world, order)

    with pytest.raises(CouponRefused) as refused:
        make_order(world, one, coupon_codes=["HEMAT"])
    cancel_order(order_id=order.id, reason="", by=world.owner, at=LATER)
    again = make_order(world, one, coupon_codes=["HEMAT"])
    confirm(world, again)

    assert refused.value.field == "coupon_codes"
    assert (order.total, order.coupon_codes) == (94_350, ["HEMAT"])  # 85,000 and PPN
    once.refresh_from_db()
    assert once.uses == 1
    assert list(PromotionUse.objects.filter(released_at=None).values_list("source_id", flat=True)) == [again.id]


def test_of_two_drafts_with_the_last_coupon_one_is_confirmed_and_the_other_goes_on_without():
    world = make_world()
    coffee = make_product(world, price=Decimal(100_000), stock=10)
    coupon(world, promote(world, "percent", 20, by_coupon=True), most_uses=1)
    first, second = (make_order(world, [LineInput(product_id=coffee.id)], coupon_codes=["HEMAT"]) for _turn in range(2))
    confirm(world, first)

    with pytest.raises(PricesChanged) as changed:
        confirm(world, second)
    with pytest.raises(PromotionUsedUp):
        confirm(world, second, prices="keep")
    second.refresh_from_db()
    assert (second.status, PromotionUse.objects.count()) == ("draft", 1)
    taken = take_prices(order_id=second.id, by=world.owner, at=LATER)
    confirm(world, taken)

    assert [(row["old"], row["new"]) for row in changed.value.lines] == [(80_000, 100_000)]
    second.refresh_from_db()
    assert (second.status, second.total, second.coupon_codes, second.promotions) == ("confirmed", 111_000, [], [])


def test_a_budget_is_given_out_to_the_last_rupiah_and_never_passed():
    world = make_world()
    coffee = make_product(world, price=Decimal(100_000), stock=100)
    sale = promote(world, "percent", 50, budget=Decimal(70_000))
    one = [LineInput(product_id=coffee.id)]

    totals = []
    for _turn in range(3):
        order = make_order(world, one)
        confirm(world, order)
        totals.append(int(order.total))

    assert totals == [55_500, 88_800, 111_000]  # 50,000, then the 20,000 that are left, then nothing
    assert PromotionUsage.objects.get(promotion=sale).amount == 70_000


def test_a_gift_comes_with_the_order_waits_for_stock_and_is_invoiced_at_nothing():
    world = make_world()
    coffee = make_product(world, price=Decimal(100_000), stock=10)
    mug = make_product(world, name="Cangkir", price=Decimal(25_000))
    gift = promote(world, "gift", 2, least=200_000, gift_product_id=mug.id)
    order = make_order(world, [LineInput(product_id=coffee.id, quantity=Decimal(2))])

    coffee_line, mug_line = lines_of(order)
    assert (mug_line.gift_of_id, mug_line.quantity, mug_line.amount) == (gift.id, 2, 0)
    assert order.total == 222_000
    confirm(world, order)
    small = update_order(
        order_id=make_order(world, [LineInput(product_id=coffee.id, quantity=Decimal(2))]).id, version=None,
        lines=[LineInput(product_id=coffee.id)], details=OrderDetails(), by=world.owner, at=LATER,
    )  # fmt: skip

    assert Reservation.objects.filter(source_id=order.id).count() >= 1
    assert [line.gift_of_id for line in lines_of(small)] == [None]
    invoice_id = invoice_order(order_id=order.id, by=world.owner, at=LATER, basis="ordered")
    assert Invoice.objects.get(pk=invoice_id).total == 222_000
    assert coffee_line.amount == 200_000


def test_what_ended_meanwhile_is_told_before_the_order_is_confirmed():
    world = make_world()
    coffee = make_product(world, price=Decimal(100_000), stock=10)
    sale = promote(world, "percent", 10)
    order = make_order(world, [LineInput(product_id=coffee.id)])
    archive_promotion(promotion_id=sale.id, by=world.owner, at=NOW)

    with pytest.raises(PricesChanged) as changed:
        confirm(world, order)

    assert [(row["old"], row["new"]) for row in changed.value.lines] == [(90_000, 100_000)]


def test_an_accepted_offer_keeps_its_promotion_though_it_ended():
    world = make_world()
    coffee = make_product(world, price=Decimal(100_000), stock=10)
    sale = promote(world, "percent", 10)
    order = make_accepted_order(world, [LineInput(product_id=coffee.id)])
    archive_promotion(promotion_id=sale.id, by=world.owner, at=NOW)

    confirm(world, order)

    assert (order.total, lines_of(order)[0].promotion_discount) == (99_900, 10_000)
    assert PromotionUse.objects.filter(promotion=sale, released_at=None).count() == 1


def test_an_amended_order_keeps_what_promotions_took_and_a_new_line_gets_no_second_helping():
    world = make_world()
    coffee = make_product(world, price=Decimal(100_000), stock=50)
    tea = make_product(world, name="Teh", price=Decimal(50_000), stock=50)
    promote(world, "basket_amount", 30_000, least=100_000)
    order = make_order(world, [LineInput(product_id=coffee.id, quantity=Decimal(3))])
    confirm(world, order)
    line = lines_of(order)[0]

    amended = amend_order(
        order_id=order.id, version=None, by=world.owner, at=LATER,
        lines=[replace(kept_line(line), quantity=Decimal(2), unit_price=None, kept=()),
               LineInput(product_id=tea.id, quantity=Decimal(4))],
    )  # fmt: skip

    kept, new = lines_of(order)
    assert (kept.promotion_discount, kept.amount) == (20_000, 180_000)
    assert (new.promotion_discount, new.amount) == (0, 200_000)
    assert replay(kept.steps, "IDR").amount == 180_000
    assert amended.promotions[0]["amount"] == "20000"
    assert PromotionUse.objects.get().amount == 20_000


def test_a_customers_own_discount_is_theirs_alone_and_ends_by_itself():
    world = make_world()
    coffee = make_product(world, price=Decimal(100_000))
    friend, other = make_customer(world), make_customer(world)
    promote(world, "percent", 7, customer_id=friend.id, valid_to=date(2026, 11, 23), scopes=[NewScope()])

    totals = [int(make_order(world, [LineInput(product_id=coffee.id)], customer=one).total) for one in (friend, other)]

    assert totals == [103_230, 111_000]


def test_the_api_takes_coupons_and_a_gift_that_is_sent_back_is_not_sold():
    world = make_world()
    coffee = make_product(world, price=Decimal(100_000))
    mug = make_product(world, name="Cangkir", price=Decimal(25_000))
    promote(world, "gift", 1, gift_product_id=mug.id)
    coupon(world, promote(world, "percent", 10, by_coupon=True, scopes=[NewScope(product_id=coffee.id)]))
    api = Api(world.owner)
    body: dict[str, Any] = {
        "customer_id": str(make_customer(world).id), "coupon_codes": ["hemat"],
        "lines": [{"product_id": str(coffee.id), "quantity": "1"}],
    }  # fmt: skip

    made = api.send("post", "orders", body, **{"Idempotency-Key": "satu"})
    order = made.json()
    body["lines"] = [{name: line[name] for name in ("product_id", "quantity", "gift_of_id")} for line in order["lines"]]
    saved = api.send("put", f"orders/{order['id']}", body, **{"If-Match": made["ETag"]}).json()
    wrong = api.send("post", "orders", body | {"coupon_codes": ["TIADA"]}, **{"Idempotency-Key": "dua"})

    assert [Decimal(line["amount"]) for line in order["lines"]] == [90_000, 0]
    assert [Decimal(line["amount"]) for line in saved["lines"]] == [90_000, 0]
    assert (wrong.status_code, wrong.json()["field"]) == (422, "coupon_codes")
