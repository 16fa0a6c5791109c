"""Gifts and coupons of what goes back: gifts come back or are charged, a coupon is given back as the company says."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from niaga.core.errors import Refusal
from niaga.invoicing.models import Invoice
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.pricing.models import Coupon, PromotionUsage, PromotionUse
from niaga.pricing.rules.new_promotion import NewPromotion, NewScope
from niaga.pricing.services.create_promotion import create_promotion
from niaga.pricing.services.make_coupons import make_coupons
from niaga.returns.errors import CouponStays, GiftsWorthMore, OverReturn
from niaga.returns.models import KeptGift, Return, ReturnSettings
from niaga.returns.rules.gifts import BoughtPart, gift_due
from niaga.returns.services.authorize_return import authorize_return
from niaga.returns.services.cancel_return import cancel_return
from niaga.returns.services.check_items import ReturnItem
from niaga.returns.services.inspect_return import Finding, inspect_return
from niaga.returns.services.receive_return import receive_return
from niaga.returns.services.request_return import request_return
from niaga.returns.tests.shop import make_return, make_sold_order, reason, settle, take_in
from niaga.sales.models import SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.invoice_orders import invoice_orders
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from tests.api import Api
from tests.makers import NOW, World, make_confirmed_order, make_product, make_shipped_order, make_world, signed_in
from tests.promises import broken_promises

D = Decimal
database = pytest.mark.django_db


def test_a_gift_goes_back_by_the_share_of_what_is_back_rounded_down() -> None:
    part = BoughtPart(D(6), D(2), D(600))

    assert gift_due(D(3), [part], digits=0) == 1
    assert gift_due(D(1), [part], digits=0) == 0
    assert gift_due(D(1), [part], digits=2) == D("0.33")
    assert gift_due(D(3), [BoughtPart(D(6), D(6), D(0))], digits=0) == 3
    assert gift_due(D(3), [BoughtPart(D(6), D(3), D(0))], digits=0) == 0
    assert gift_due(D(3), [], digits=0) == 0


class Shop:
    """Coffee of 100,000; from 600,000 on three cups of 20,000 are given. Tea gives nothing."""

    def __init__(self, gifts: str = "charge", coupons: str = "never") -> None:
        self.world = make_world()
        self.coffee = make_product(self.world, name="Kopi", price=D(100_000), stock=100)
        self.tea = make_product(self.world, name="Teh", price=D(50_000), stock=100)
        self.cup = make_product(self.world, name="Cangkir", price=D(20_000), stock=100)
        self.promote(
            name="Cangkir", kind="gift", gift_product_id=self.cup.id, tiers=((D(600_000), D(3)),),
            scopes=(NewScope("on", self.coffee.id),),
        )  # fmt: skip
        ReturnSettings.objects.create(company=self.world.company, gifts=gifts, coupons=coupons)

    def promote(self, **facts: Any) -> Any:
        return create_promotion(
            company_id=self.world.company.id, promotion=NewPromotion(**facts), by=self.world.owner, at=NOW
        )

    def sell(self, **details: Any) -> SalesOrder:
        lines = [LineInput(product_id=self.coffee.id, quantity=D(6)), LineInput(product_id=self.tea.id, quantity=D(4))]
        return make_sold_order(self.world, lines, **details)

    def back(self, order: SalesOrder, quantity: int, line: int = 0) -> Return:
        return take_in(self.world, make_return(self.world, order, quantity, line=line))


def figures(world: World) -> list[tuple[Decimal, Decimal, Decimal]]:
    notes = Invoice.objects.filter(kind="credit_note", company=world.company).order_by("number")
    return [(one.net, one.tax, one.total) for one in notes]


@database
def test_gifts_that_stay_are_charged_at_what_the_promotion_took_off_and_never_twice() -> None:
    shop = Shop()
    order = shop.sell()
    cup = order.lines.get(gift_of__isnull=False)
    assert (cup.quantity, cup.promotion_discount) == (3, 60_000)

    first = shop.back(order, 2)
    page = signed_in(shop.world).get(f"/returns/{first.id}").content.decode()
    told = Api(shop.world.owner).get(f"returns/{first.id}").json()["gifts_to_charge"]
    assert "Cangkir" in page
    assert [(one["quantity"], one["worth"]) for one in told] == [("1", "20000")]
    settle(shop.world, first)
    settle(shop.world, shop.back(order, 4, line=1))
    settle(shop.world, shop.back(order, 4))

    assert figures(shop.world) == [(180_000, 19_800, 199_800), (200_000, 22_000, 222_000), (360_000, 39_600, 399_600)]
    assert [(one.quantity, one.amount) for one in KeptGift.objects.order_by("settlement__at", "quantity")] == [
        (1, 20_000), (2, 40_000),
    ]  # fmt: skip
    with pytest.raises(OverReturn):
        make_return(shop.world, order, 1, line=2)
    assert broken_promises() == []


@database
def test_gifts_that_come_back_with_the_goods_or_are_let_stay_cost_nothing() -> None:
    shop = Shop()
    order = shop.sell()

    settle(shop.world, shop.back(order, 3, line=2))
    settle(shop.world, shop.back(order, 6))
    other = shop.sell()
    settle(shop.world, shop.back(other, 6), waive_gifts=True)
    swapped = shop.sell()
    settle(shop.world, shop.back(swapped, 6), way="exchange")

    assert figures(shop.world) == [(600_000, 66_000, 666_000)] * 3
    assert Return.objects.order_by("created_at", "id")[0].settlement.way == "nothing"
    assert not KeptGift.objects.exists()
    assert broken_promises() == []


@database
def test_by_itself_nothing_is_kept_for_gifts_nor_more_than_is_credited() -> None:
    free = Shop(gifts="keep")
    settle(free.world, free.back(free.sell(), 6))
    assert figures(free.world) == [(600_000, 66_000, 666_000)]

    shop = Shop()
    shop.cup.price = D(900_000)
    shop.cup.save()
    rma = shop.back(shop.sell(), 6)
    with pytest.raises(GiftsWorthMore):
        settle(shop.world, rma)
    assert Return.objects.get(pk=rma.pk).status == "inspected"
    assert figures(shop.world) == []


@database
@pytest.mark.parametrize("rule", ["never", "whole", "ask"])
def test_a_coupon_is_given_back_as_the_company_says_and_frees_its_promotion(rule: str) -> None:
    shop = Shop(gifts="keep", coupons=rule)
    promotion = shop.promote(
        name="Merdeka",
        kind="percent",
        tiers=((D(0), D(10)),),
        by_coupon=True,
        most_uses=5,
        scopes=(NewScope("on", shop.coffee.id),),
    )
    make_coupons(promotion_id=promotion.id, codes=["MERDEKA"], by=shop.world.owner, at=NOW)
    order = shop.sell(coupon_codes=["MERDEKA"])
    assert (Coupon.objects.get().uses, PromotionUsage.objects.get(promotion=promotion).uses) == (1, 1)

    rma = shop.back(order, 6)
    if rule != "ask":
        with pytest.raises(CouponStays):
            settle(shop.world, rma, coupon_back=True)
    else:
        assert "MERDEKA" in signed_in(shop.world).get(f"/returns/{rma.id}").content.decode()
    first = settle(shop.world, rma, coupon_back=rule == "ask")
    assert first.settlement.coupons == (["MERDEKA"] if rule == "ask" else [])
    settle(shop.world, shop.back(order, 4, line=1))

    left = 1 if rule == "never" else 0
    usage = PromotionUsage.objects.get(promotion=promotion)
    assert (Coupon.objects.get().uses, usage.uses, usage.amount) == (left, left, 60_000 * left)
    assert PromotionUse.objects.filter(coupon__isnull=False, released_at=None).count() == left
    assert figures(shop.world)[0][0] == 540_000
    assert broken_promises() == []


@database
def test_a_gift_that_is_on_its_way_back_by_another_return_is_not_charged() -> None:
    shop = Shop()
    order = shop.sell()

    gifts = make_return(shop.world, order, 3, line=2)
    settle(shop.world, shop.back(order, 6))
    settle(shop.world, take_in(shop.world, gifts))

    assert figures(shop.world) == [(600_000, 66_000, 666_000)]
    assert not KeptGift.objects.exists()
    assert broken_promises() == []


@database
def test_a_gift_that_was_on_its_way_and_stays_after_all_is_charged_by_an_invoice_of_its_own_once() -> None:
    shop = Shop()
    order = shop.sell()
    gifts = make_return(shop.world, order, 2, line=2)
    settle(shop.world, shop.back(order, 6))
    assert figures(shop.world) == [(540_000 + 40_000, 63_800, 643_800)]

    cancel_return(return_id=gifts.id, reason="Cangkir hilang", by=shop.world.owner, at=NOW)

    charged = Invoice.objects.get(kind="invoice", net=40_000)
    assert (charged.status, charged.tax, charged.total, charged.tax_treatment) == ("issued", 4_400, 44_400, {})
    assert sorted(KeptGift.objects.values_list("quantity", "amount")) == [(1, 20_000), (2, 40_000)]
    with pytest.raises(OverReturn):
        make_return(shop.world, order, 1, line=2)
    assert broken_promises() == []


@database
def test_a_gift_that_was_let_stay_is_not_charged_when_a_later_return_of_it_is_called_off() -> None:
    shop = Shop()
    order = shop.sell()
    settle(shop.world, shop.back(order, 6), waive_gifts=True)
    gifts = make_return(shop.world, order, 3, line=2, at=NOW + timedelta(hours=1))

    cancel_return(return_id=gifts.id, reason="Batal", by=shop.world.owner, at=NOW + timedelta(hours=2))

    assert (Invoice.objects.filter(kind="invoice").count(), KeptGift.objects.count()) == (1, 0)


@database
def test_of_gifts_that_came_in_part_the_rest_is_charged_when_their_return_ends() -> None:
    shop = Shop()
    order = shop.sell()
    gifts = make_return(shop.world, order, 3, line=2)
    settle(shop.world, shop.back(order, 6))
    authorize_return(return_id=gifts.id, by=shop.world.owner, at=NOW)
    line = gifts.lines.get()
    receive_return(return_id=gifts.id, quantities={line.id: D(2)}, is_last=True, by=shop.world.owner, at=NOW)
    inspect_return(return_id=gifts.id, findings=[Finding(line.id, "restock", D(2))], by=shop.world.owner, at=NOW)

    settle(shop.world, gifts)

    assert Invoice.objects.get(kind="invoice", net=20_000).total == 22_200
    assert KeptGift.objects.get().quantity == 1
    assert broken_promises() == []


@database
def test_more_credited_than_was_billed_is_not_told_as_gifts_that_are_worth_more() -> None:
    shop = Shop()
    order = shop.sell()
    rma = shop.back(order, 6)
    billed = Invoice.objects.get(kind="invoice")
    credit_invoice(invoice_id=billed.id, reason="Salah harga", by=shop.world.owner, at=NOW)

    with pytest.raises(Refusal) as refused:
        settle(shop.world, rma)

    assert not isinstance(refused.value, GiftsWorthMore)
    assert Return.objects.get(pk=rma.pk).status == "inspected"


@database
def test_what_was_exchanged_is_still_theirs_so_it_takes_no_gift_and_gives_no_coupon_back() -> None:
    shop = Shop(coupons="whole")
    promotion = shop.promote(
        name="Merdeka", kind="percent", tiers=((D(0), D(10)),), by_coupon=True, scopes=(NewScope("on", shop.tea.id),)
    )
    make_coupons(promotion_id=promotion.id, codes=["MERDEKA"], by=shop.world.owner, at=NOW)
    order = shop.sell(coupon_codes=["MERDEKA"])

    settle(shop.world, shop.back(order, 3), way="exchange")
    settle(shop.world, shop.back(order, 4, line=1))
    last = settle(shop.world, shop.back(order, 3))

    assert [(one.quantity, one.amount) for one in KeptGift.objects.all()] == [(1, 20_000)]
    assert (last.settlement.coupons, Coupon.objects.get().uses) == ([], 1)
    assert broken_promises() == []


@database
def test_gifts_are_charged_on_the_credit_note_that_is_worth_most() -> None:
    shop = Shop()
    shared: dict[str, Any] = {"by": shop.world.owner, "at": NOW}
    lines = [LineInput(product_id=shop.tea.id, quantity=D(1)), LineInput(product_id=shop.coffee.id, quantity=D(6))]
    order = make_shipped_order(shop.world, lines)
    tea, coffee = order.lines.filter(gift_of=None).order_by("position")
    for quantities in ({tea.id: D(1)}, None):
        bill = invoice_orders(order_ids=[order.id], quantities=quantities, **shared)
        issue_invoice(invoice_id=bill, **shared)
    why = reason(shop.world).id
    items = [ReturnItem(line.id, why, line.quantity) for line in (tea, coffee)]

    settle(shop.world, take_in(shop.world, request_return(order_id=order.id, items=items, **shared)))

    assert [net for net, _tax, _total in figures(shop.world)] == [50_000, 540_000]
    assert broken_promises() == []


@database
def test_a_coupon_stays_used_while_goods_of_its_order_are_still_to_leave() -> None:
    shop = Shop(gifts="keep", coupons="whole")
    promotion = shop.promote(
        name="Merdeka", kind="percent", tiers=((D(0), D(10)),), by_coupon=True, scopes=(NewScope("on", shop.coffee.id),)
    )
    make_coupons(promotion_id=promotion.id, codes=["MERDEKA"], by=shop.world.owner, at=NOW)
    shared: dict[str, Any] = {"by": shop.world.owner, "at": NOW}
    order = make_confirmed_order(
        shop.world, [LineInput(product_id=shop.coffee.id, quantity=D(4))], coupon_codes=["MERDEKA"]
    )
    line = order.lines.get()
    first = deliver_order(order_id=order.id, quantities={line.id: D(1)}, **shared)
    ship_order_delivery(delivery_id=first, **shared)
    issue_invoice(invoice_id=invoice_order(order_id=order.id, **shared), **shared)

    settled = settle(shop.world, shop.back(order, 1))

    assert (settled.settlement.coupons, Coupon.objects.get().uses) == ([], 1)
    assert broken_promises() == []
