"""A change of prices among documents that are under way: who pays the old price, who the new one, and who is told."""

from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.organization.access import SYSTEM
from niaga.pricing.models import PriceChange, Promotion, PromotionUsage
from niaga.pricing.queries.price_changes import Found, counted
from niaga.pricing.queries.subjects import subject_at_work
from niaga.pricing.queries.what_if_documents import DocumentFigures, count_documents
from niaga.pricing.rules.new_promotion import NewPromotion, NewScope
from niaga.pricing.services.change_entries import change_entries
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.create_promotion import create_promotion
from niaga.pricing.services.make_coupons import make_coupons
from niaga.pricing.services.prepare_change import prepare_change
from niaga.pricing.services.prepare_promotion import prepare_promotion
from niaga.pricing.services.prepare_promotion_change import prepare_promotion_change
from niaga.pricing.services.publish_change import publish_change
from niaga.pricing.services.set_prices import NewPrice, set_prices
from niaga.sales.models import Quotation, QuotationLine, SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.revise_quotation import revise_quotation
from niaga.sales.services.send_quotation import send_quotation
from niaga.sales.services.take_prices import take_prices
from tests.makers import (
    NOW,
    World,
    make_confirmed_order,
    make_order,
    make_product,
    make_quotation,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db
D = Decimal


def make_change(world: World, product_id: UUID, *, was: int, becomes: int) -> UUID:
    made = create_price_list(company_id=world.company.id, code="G", name="Grosir", by=SYSTEM, at=NOW)
    set_prices(price_list_id=made.id, prices=[NewPrice(D(was), product_id)], by=SYSTEM, at=NOW)
    change = prepare_change(price_list_id=made.id, name="Desember", by=SYSTEM, at=NOW)
    change_entries(change_id=change.id, prices=[NewPrice(D(becomes), product_id)], by=SYSTEM, at=NOW)
    return change.id


def asked(world: World, change_id: UUID, by: object = None) -> DocumentFigures:
    change = PriceChange.objects.get(pk=change_id)
    whole = counted(Found(subject_at_work(change.subject_kind, change.subject_id), change), at=NOW).whole
    return count_documents(whole, by=by or world.owner)  # type: ignore[arg-type]


def promoted(world: World, kind: str = "percent", least: int = 0, figure: int = 10, **facts: object) -> Promotion:
    return create_promotion(company_id=world.company.id, promotion=new(kind, least, figure, **facts), by=SYSTEM, at=NOW)


def new(kind: str = "percent", least: int = 0, figure: int = 10, **facts: object) -> NewPromotion:
    return NewPromotion(**{"name": "Obral", "kind": kind, "tiers": ((D(least), D(figure)),), **facts})  # type: ignore[arg-type]


def test_open_quotations_and_draft_orders_are_named_with_what_they_would_cost() -> None:
    world = make_world()
    coffee, sugar = make_product(world, stock=500, price=D(100_000)), make_product(world, price=D(50_000))
    change = make_change(world, coffee.id, was=90_000, becomes=95_000)
    ten = LineInput(product_id=coffee.id, quantity=D(10))
    by_hand = LineInput(product_id=coffee.id, quantity=D(10), unit_price=D(91_000))
    draft = make_quotation(world, [ten, LineInput(product_id=sugar.id, quantity=D(1))])
    sent = make_quotation(world, [LineInput(product_id=coffee.id, quantity=D(2), discount_percent=D(50))])
    send_quotation(quotation_id=sent.id, by=SYSTEM, at=NOW)
    order = make_order(world, [ten])
    make_quotation(world, [by_hand])
    make_quotation(world, [LineInput(product_id=sugar.id, quantity=D(1))])
    make_confirmed_order(world, [ten])

    told = asked(world, change)

    assert [(row.document.number, row.difference, row.document.kept) for row in told.rows] == [
        (order.number, D(55_500), False), (draft.number, D(55_500), False), (sent.number, D(5_550), True),
    ]  # fmt: skip
    assert (told.difference, told.left_off) == (D(116_550), 0)
    totals = {row.document.id: row.before for row in told.rows}
    assert totals[draft.id] == Quotation.objects.get(pk=draft.id).total


def test_a_confirmed_order_keeps_its_price_and_a_sent_quotation_until_it_is_revised() -> None:
    world = make_world()
    coffee = make_product(world, stock=500, price=D(100_000))
    change = make_change(world, coffee.id, was=90_000, becomes=95_000)
    ten = LineInput(product_id=coffee.id, quantity=D(10))
    confirmed, draft, sent = make_confirmed_order(world, [ten]), make_order(world, [ten]), make_quotation(world, [ten])
    send_quotation(quotation_id=sent.id, by=SYSTEM, at=NOW)

    publish_change(change_id=change, by=SYSTEM, at=NOW)
    take_prices(order_id=draft.id, by=SYSTEM, at=NOW)

    def price(order: SalesOrder) -> Decimal:
        return SalesOrderLine.objects.get(order_id=order.id).unit_price

    assert (price(confirmed), price(draft)) == (D(90_000), D(95_000))
    assert SalesOrder.objects.get(pk=confirmed.id).total == D(999_000)
    assert QuotationLine.objects.get(quotation_id=sent.id).unit_price == D(90_000)
    revise_quotation(quotation_id=sent.id, by=SYSTEM, at=NOW)
    assert Quotation.objects.get(pk=sent.id).status == "draft"


def test_a_salesperson_is_told_of_their_own_documents_only() -> None:
    world = make_world()
    coffee = make_product(world, price=D(100_000))
    change = make_change(world, coffee.id, was=90_000, becomes=95_000)
    make_quotation(world, [LineInput(product_id=coffee.id, quantity=D(10))])

    assert asked(world, change, by=make_user(world.company, "salesperson")).rows == []


def test_forty_documents_are_asked_in_the_statements_of_one() -> None:
    world = make_world()
    coffee = make_product(world, price=D(100_000))
    change = make_change(world, coffee.id, was=90_000, becomes=95_000)
    counts = []
    for many in (1, 39):
        for _turn in range(many):
            make_quotation(world, [LineInput(product_id=coffee.id, quantity=D(10))])
            make_order(world, [LineInput(product_id=coffee.id, quantity=D(10))])
        asked(world, change)
        with CaptureQueriesContext(connection) as captured:
            told = asked(world, change)
        counts.append(len(captured))

    assert len(told.rows) == 80
    assert counts[0] == counts[1] <= 24


def test_documents_are_compared_with_their_own_coupons_gifts_and_what_is_left_of_limits() -> None:
    world = make_world()
    coffee, cup = make_product(world, price=D(100_000)), make_product(world, price=D(20_000))
    merdeka = promoted(world, figure=50, by_coupon=True, most_uses=2)
    make_coupons(promotion_id=merdeka.id, codes=["MERDEKA"], by=SYSTEM, at=NOW)
    promoted(world, "gift", 500_000, 1, gift_product_id=cup.id)
    spent = promoted(world, "basket_amount", 0, 7_000, most_uses=1, name="Habis")
    left = promoted(world, "basket_amount", 0, 7_000, budget=D(10_000), name="Anggaran")
    PromotionUsage.objects.filter(promotion=spent).update(uses=1)
    PromotionUsage.objects.filter(promotion=left).update(amount=D(6_000))
    change = make_change(world, coffee.id, was=90_000, becomes=95_000)
    ten = [LineInput(product_id=coffee.id, quantity=D(10))]
    plain, coupon = make_order(world, ten), make_quotation(world, ten, coupon_codes=["merdeka"])

    told = {row.document.id: row for row in asked(world, change).rows}

    assert {key: row.before for key, row in told.items()} == {plain.id: plain.total, coupon.id: coupon.total}
    assert (told[plain.id].difference, told[coupon.id].difference) == (D(55_500), D(27_750))
    assert told[plain.id].discount_before == D(24_000)
    assert told[coupon.id].discount_before == D(454_000)


def test_a_prepared_promotion_tells_what_open_documents_would_cost_and_earn() -> None:
    world = make_world()
    coffee = make_product(world, price=D(100_000), cost=D(60_000))
    sugar, cup = make_product(world, price=D(50_000)), make_product(world, price=D(20_000), cost=D(10_000))
    two, five = ([LineInput(product_id=coffee.id, quantity=D(many))] for many in (2, 5))
    small, large = make_quotation(world, two), make_order(world, five)
    make_quotation(world, [LineInput(product_id=sugar.id, quantity=D(1))])
    make_confirmed_order(world, [LineInput(product_id=make_product(world, stock=9).id, quantity=D(1))])
    only = (NewScope(product_id=coffee.id),)

    percent = prepare_promotion(company_id=world.company.id, promotion=new(figure=25, scopes=only), by=SYSTEM, at=NOW)
    gift = prepare_promotion(
        company_id=world.company.id, promotion=new("gift", 500_000, 2, gift_product_id=cup.id, scopes=only), by=SYSTEM,
        at=NOW,
    )  # fmt: skip
    cheaper, given = asked(world, percent.id), asked(world, gift.id)

    assert [(row.document.id, row.difference, row.discount_after) for row in cheaper.rows] == [
        (large.id, D(-138_750), D(125_000)), (small.id, D(-55_500), D(50_000)),
    ]  # fmt: skip
    assert {(row.margin_before, row.margin_after) for row in cheaper.rows} == {(D(40), D(20))}
    assert [(row.document.id, row.lines, row.difference, row.margin_after) for row in given.rows] == [
        (large.id, 0, D(0), D(36)),
    ]  # fmt: skip


def test_the_coupons_of_a_prepared_promotion_count_on_the_documents_that_name_them() -> None:
    world = make_world()
    coffee = make_product(world, price=D(100_000))
    merdeka = promoted(world, by_coupon=True, most_uses=1)
    make_coupons(promotion_id=merdeka.id, codes=["MERDEKA"], by=SYSTEM, at=NOW)
    line = [LineInput(product_id=coffee.id, quantity=D(1))]
    named = make_quotation(world, line, coupon_codes=["MERDEKA"])
    make_quotation(world, line)
    PromotionUsage.objects.update(uses=1)
    more = prepare_promotion_change(
        promotion_id=merdeka.id, name="Lagi", promotion=new(figure=20, by_coupon=True, most_uses=2), by=SYSTEM, at=NOW
    )

    told = asked(world, more.id)

    assert [(row.document.id, row.difference) for row in told.rows] == [(named.id, D(-22_200))]


def test_forty_documents_with_coupons_and_limits_are_asked_in_the_statements_of_one() -> None:
    world = make_world()
    coffee = make_product(world, price=D(100_000))
    merdeka = promoted(world, by_coupon=True, most_uses=900, most_per_customer=900)
    make_coupons(promotion_id=merdeka.id, codes=["MERDEKA"], most_per_customer=900, by=SYSTEM, at=NOW)
    promoted(world, "gift", 0, 1, gift_product_id=make_product(world).id)
    change = make_change(world, coffee.id, was=90_000, becomes=95_000)
    counts = []
    for many in (1, 19):
        for _turn in range(many):
            make_quotation(world, [LineInput(product_id=coffee.id, quantity=D(10))], coupon_codes=["MERDEKA"])
            make_order(world, [LineInput(product_id=coffee.id, quantity=D(10))])
        asked(world, change)
        with CaptureQueriesContext(connection) as captured:
            told = asked(world, change)
        counts.append(len(captured))

    assert len(told.rows) == 40
    assert counts[0] == counts[1] <= 28


def test_a_first_limit_in_a_draft_is_held_against_what_was_used_without_one() -> None:
    world = make_world()
    coffee = make_product(world, stock=50, price=D(100_000))
    line = [LineInput(product_id=coffee.id, quantity=D(1))]
    free = promoted(world)
    make_confirmed_order(world, line)
    draft = make_quotation(world, line)
    limited = prepare_promotion_change(
        promotion_id=free.id, name="Satu kali", promotion=new(most_uses=1), by=SYSTEM, at=NOW
    )

    told = asked(world, limited.id)
    publish_change(change_id=limited.id, by=SYSTEM, at=NOW)

    assert [(row.document.id, row.difference) for row in told.rows] == [(draft.id, D(11_100))]
    assert PromotionUsage.objects.get(promotion=free).uses == 1
