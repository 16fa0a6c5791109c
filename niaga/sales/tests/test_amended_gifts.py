"""Gifts follow what is bought when a promise is amended: more within their limits, less unless they are shipped."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from niaga.pricing.models import PromotionUse
from niaga.pricing.rules.new_promotion import NewPromotion
from niaga.pricing.rules.replay import replay
from niaga.pricing.services.archive_promotion import archive_promotion
from niaga.pricing.services.create_promotion import create_promotion
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.kept_line import kept_line
from niaga.sales.tests.test_promotions import LATER, confirm, lines_of
from niaga.stock.models import Reservation
from tests.makers import NOW, make_order, make_product, make_world
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
D = Decimal


class Shop:
    """Coffee of 100,000; from 300,000 on one cup is given, from 600,000 on three."""

    def __init__(self, **terms: Any) -> None:
        self.world = make_world()
        self.coffee = make_product(self.world, name="Kopi", price=D(100_000), stock=100)
        self.cup = make_product(self.world, name="Cangkir", price=D(20_000), stock=100)
        self.promotion = self.give(**terms)

    def give(self, **terms: Any) -> Any:
        facts = {
            "name": "Beli kopi dapat cangkir", "kind": "gift", "gift_product_id": self.cup.id,
            "tiers": ((D(300_000), D(1)), (D(600_000), D(3))), **terms,
        }  # fmt: skip
        return create_promotion(
            company_id=self.world.company.id, promotion=NewPromotion(**facts), by=self.world.owner, at=NOW
        )

    def order(self, quantity: int) -> SalesOrder:
        wish = LineInput(product_id=self.coffee.id, quantity=D(quantity))
        found: SalesOrder = confirm(self.world, make_order(self.world, [wish]))
        return found

    def amend(self, order: SalesOrder, quantity: int, *more: LineInput, **how: Any) -> SalesOrder:
        paid = next(line for line in lines_of(order) if line.gift_of_id is None)
        wish = replace(kept_line(paid), quantity=D(quantity), unit_price=None, kept=())
        return amend_order(
            order_id=order.id, version=None, lines=[wish, *more], by=self.world.owner, at=LATER, **how
        )  # fmt: skip

    def gifts(self, order: SalesOrder) -> list[tuple[str, Decimal, Decimal]]:
        return [
            (line.description, line.quantity, line.amount) for line in lines_of(order) if line.gift_of_id is not None
        ]

    def held(self, order: SalesOrder) -> Decimal:
        rows = Reservation.objects.filter(source_id=order.id, product_id=self.cup.id)
        return sum((row.quantity for row in rows), D(0))

    def used(self) -> list[Decimal]:
        return list(PromotionUse.objects.filter(released_at=None).values_list("amount", flat=True))


def test_more_earns_a_gift_that_comes_with_the_order_and_is_held_and_counted() -> None:
    shop = Shop()
    order = shop.order(2)
    assert shop.gifts(order) == []

    amended = shop.amend(order, 4)

    assert shop.gifts(order) == [("Cangkir", 1, 0)]
    assert (amended.total, amended.net) == (444_000, 400_000)
    assert (shop.held(order), shop.used()) == (1, [20_000])
    gift = SalesOrderLine.objects.get(order=order, gift_of=shop.promotion)
    assert replay(gift.steps, "IDR").amount == 0
    assert broken_promises() == []


def test_a_higher_step_gives_more_of_it_and_a_further_line_counts_too() -> None:
    shop = Shop()
    order = shop.order(3)
    tea = make_product(shop.world, name="Teh", price=D(150_000), stock=50)

    shop.amend(order, 3, LineInput(product_id=tea.id, quantity=D(2)))

    assert shop.gifts(order) == [("Cangkir", 3, 0)]
    assert (shop.held(order), shop.used()) == (3, [60_000])
    assert broken_promises() == []


def test_less_loses_what_it_no_longer_earns_and_gives_stock_and_use_back() -> None:
    shop = Shop()
    order = shop.order(6)
    assert shop.gifts(order) == [("Cangkir", 3, 0)]

    shop.amend(order, 4)
    assert (shop.gifts(order), shop.held(order), shop.used()) == ([("Cangkir", 1, 0)], 1, [20_000])
    shop.amend(order, 2)

    assert (shop.gifts(order), shop.held(order), shop.used()) == ([], 0, [])
    assert broken_promises() == []


def test_what_is_in_a_delivery_stays_given() -> None:
    shop = Shop()
    order = shop.order(6)
    gift = SalesOrderLine.objects.get(order=order, gift_of=shop.promotion)
    deliver_order(order_id=order.id, quantities={gift.id: D(2)}, by=shop.world.owner, at=NOW)

    shop.amend(order, 1)

    assert shop.gifts(order) == [("Cangkir", 2, 0)]
    assert broken_promises() == []


def test_within_its_limit_only() -> None:
    shop = Shop(most_uses=1)
    first, second = shop.order(3), shop.order(2)

    shop.amend(second, 5)

    assert (shop.gifts(first), shop.gifts(second)) == ([("Cangkir", 1, 0)], [])
    assert len(shop.used()) == 1
    assert broken_promises() == []


def test_a_gift_that_was_promised_stays_when_its_promotion_has_ended() -> None:
    shop = Shop()
    order = shop.order(6)
    archive_promotion(promotion_id=shop.promotion.id, by=shop.world.owner, at=NOW)

    shop.amend(order, 2)

    assert shop.gifts(order) == [("Cangkir", 3, 0)]


def test_a_change_that_takes_nothing_away_loses_no_gift() -> None:
    shop = Shop()
    order = shop.order(6)

    shop.amend(order, 6, note="Antar pagi")

    assert shop.gifts(order) == [("Cangkir", 3, 0)]
    assert SalesOrder.objects.get(pk=order.id).note == "Antar pagi"


def test_a_price_by_hand_earns_no_new_gift() -> None:
    shop = Shop()
    wish = LineInput(product_id=shop.coffee.id, quantity=D(2), unit_price=D(99_000))
    order = confirm(shop.world, make_order(shop.world, [wish]), prices="keep")

    shop.amend(order, 8)

    assert shop.gifts(order) == []


def test_a_gift_that_is_out_of_stock_waits_and_stops_nothing() -> None:
    shop = Shop()
    mug = make_product(shop.world, name="Mug", price=D(30_000), stock=0)
    shop.give(name="Mug", gift_product_id=mug.id, tiers=((D(500_000), D(1)),))
    order = shop.order(2)

    shop.amend(order, 5, shortage="refuse")

    assert shop.gifts(order) == [("Cangkir", 1, 0), ("Mug", 1, 0)]
    assert broken_promises() == []
