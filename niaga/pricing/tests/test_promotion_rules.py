"""What promotions do to a document, without a database."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.pricing.rules import Buyer, LineKind, LineRequest, PricedDocument, PriceRequest, RuleBook, price_lines
from niaga.pricing.rules.promotion import Part, Promotion, PromotionKind, Tier
from niaga.pricing.rules.replay import replay
from niaga.pricing.rules.request import Gift, Kept

TODAY = date(2026, 11, 27)
SHIRT, TROUSERS, CAP, MUG = (UUID(int=n) for n in (1, 2, 3, 4))
CLOTHES = UUID(int=90)


def promotion(number: int, kind: str, *tiers: tuple[int, int], **terms: Any) -> Promotion:
    return Promotion(
        UUID(int=1000 + number), terms.pop("name", f"P{number}"), kind=PromotionKind(kind),
        tiers=tuple(Tier(Decimal(least), Decimal(figure)) for least, figure in tiers), **terms,
    )  # fmt: skip


def line(key: str, price: int | str, quantity: int | str = 1, product: UUID = SHIRT, **facts: Any) -> LineRequest:
    return LineRequest(
        key=key, quantity=Decimal(quantity), product_id=product, base_price=Decimal(price),
        category_ids=facts.pop("category_ids", (CLOTHES,)), **facts,
    )  # fmt: skip


def priced(lines: list[LineRequest], *promotions: Promotion, **terms: Any) -> PricedDocument:
    document = price_lines(
        PriceRequest(
            currency="IDR", on_date=TODAY, lines=tuple(lines), book=RuleBook(promotions=promotions), **terms,
        )
    )  # fmt: skip
    for one in document.lines:
        again = replay(one.explanation(), "IDR")
        assert (again.discount_amount, again.amount, again.total) == (one.discount_amount, one.amount, one.total)
    assert sum(one.promotion_discount for one in document.lines if one.counted) == sum(
        one.amount for one in document.promotions
    )
    return document


def off(document: PricedDocument) -> dict[str, int]:
    return {one.key: int(one.promotion_discount) for one in document.lines}


def reasons(document: PricedDocument, key: str) -> list[tuple[str, str]]:
    steps = document.line(key).steps
    return [(str(step.facts["name"]), str(step.facts["reason"])) for step in steps if step.code == "promotion_lost"]


def test_a_percentage_comes_off_the_lines_it_is_for_and_says_so() -> None:
    sale = promotion(1, "percent", (0, 10), scopes=(CLOTHES,), excluded=(CAP,))

    document = priced([line("1", 99_999), line("2", 50_000, product=CAP)], sale)

    assert off(document) == {"1": 10_000, "2": 0}
    step = next(step for step in document.line("1").steps if step.code == "promotion")
    assert (step.value, step.facts["name"], step.facts["percent"]) == (Decimal(89_999), "P1", Decimal(10))
    assert document.promotions[0].amount == 10_000


def test_an_amount_off_each_unit_counts_base_units_and_stops_at_nothing() -> None:
    document = priced(
        [line("1", 10_000, 2, unit="box", unit_factor=Decimal(12)), line("2", 500, product=CAP)],
        promotion(1, "amount", (0, 750)),
    )

    assert off(document) == {"1": 18_000, "2": 500}


def test_a_fixed_price_holds_only_where_it_is_less() -> None:
    document = priced([line("1", 10_000, 3), line("2", 6_000, product=CAP)], promotion(1, "fixed_price", (0, 7_500)))

    assert off(document) == {"1": 7_500, "2": 0}
    assert reasons(document, "2") == [("P1", "no_better")]


def test_more_of_a_line_reaches_a_higher_step() -> None:
    steps = promotion(1, "percent", (5, 5), (10, 12))

    assert [off(priced([line("1", 1000, n)], steps))["1"] for n in (4, 5, 10)] == [0, 250, 1200]
    assert reasons(priced([line("1", 1000, 4)], steps), "1") == [("P1", "below_quantity")]


def test_buy_two_get_the_cheapest_free_over_all_lines() -> None:
    three_for_two = promotion(1, "buy_get", (0, 100), buy=Decimal(2), get=Decimal(1), scopes=(CLOTHES,))

    document = priced([line("1", 100_000, 2), line("2", 60_000, 2, product=CAP), line("3", 80_000, 2)], three_for_two)

    assert off(document) == {"1": 0, "2": 120_000, "3": 0}  # six units, so the two cheapest
    five = priced([line("1", 100_000, 2), line("2", 60_000, 3, product=CAP)], three_for_two)
    assert off(five) == {"1": 0, "2": 60_000}


def test_every_third_at_half_price() -> None:
    document = priced([line("1", 10_001, 7)], promotion(1, "buy_get", (0, 50), buy=Decimal(2), get=Decimal(1)))

    assert off(document) == {"1": 10_001}  # two units at half price


def test_buying_one_thing_gives_another_as_often_as_is_allowed() -> None:
    mugs = promotion(
        1, "buy_get", (0, 100), buy=Decimal(3), get=Decimal(1), scopes=(SHIRT,), get_scopes=(MUG,), most_times=2
    )

    assert off(priced([line("1", 50_000, 12), line("2", 20_000, 5, product=MUG)], mugs)) == {"1": 0, "2": 40_000}
    assert off(priced([line("1", 50_000, 2), line("2", 20_000, 5, product=MUG)], mugs)) == {"1": 0, "2": 0}


def test_a_part_of_a_unit_takes_no_part_in_a_combination() -> None:
    document = priced([line("1", 10_000, "2.9")], promotion(1, "buy_get", (0, 100), buy=Decimal(2), get=Decimal(1)))

    assert off(document) == {"1": 0}
    assert reasons(document, "1") == [("P1", "below_quantity")]


def test_a_bundle_has_its_price_as_often_as_there_are_enough_parts() -> None:
    outfit = promotion(
        1, "bundle_price", (0, 199_000), scopes=(), parts=(Part(SHIRT, Decimal(2)), Part(TROUSERS, Decimal(1)))
    )

    document = priced([line("1", 80_000, 5), line("2", 120_000, 3, product=TROUSERS)], outfit)

    assert sum(off(document).values()) == 2 * (2 * 80_000 + 120_000 - 199_000)
    assert off(document) == {"1": 92_571, "2": 69_429}


def test_bundles_whose_parts_are_after_the_same_lines_never_count_a_unit_twice() -> None:
    pair = promotion(
        1, "bundle_price", (0, 10_000), scopes=(), parts=(Part(CLOTHES, Decimal(1)), Part(SHIRT, Decimal(1)))
    )

    assert off(priced([line("1", 9_000, 3)], pair)) == {"1": 8_000}  # one pair, one shirt left


def test_a_basket_discount_climbs_with_the_value_and_is_shared_to_the_last_rupiah() -> None:
    climbing = promotion(1, "basket_percent", (100_000, 5), (300_000, 10))

    small = priced([line("1", 60_000), line("2", 39_999, product=CAP)], climbing)
    large = priced([line("1", 100_001, 2), line("2", 99_999, product=CAP)], climbing)

    assert off(small) == {"1": 0, "2": 0}
    assert reasons(small, "1") == [("P1", "below_value")]
    assert off(large) == {"1": 20_000, "2": 10_000}
    assert large.promotions[0].amount == 30_000


def test_a_discount_never_passes_the_most_it_may_take() -> None:
    capped = promotion(1, "basket_percent", (0, 50), most_amount=Decimal(50_000))

    document = priced([line("1", 100_000, 2), line("2", 100_000, product=CAP)], capped)

    assert off(document) == {"1": 33_333, "2": 16_667}
    lines = promotion(2, "percent", (0, 50), most_amount=Decimal(60_000))
    assert off(priced([line("1", 100_000), line("2", 100_000, product=CAP)], lines)) == {"1": 50_000, "2": 10_000}


def test_a_gift_is_a_line_of_its_own_at_nothing() -> None:
    gift = promotion(1, "gift", (250_000, 2), gift_product_id=MUG)
    mug = Gift(gift.id, line("", 20_000, product=MUG))

    document = priced([line("1", 250_000)], gift, gifts=(mug,))

    given = document.lines[-1]
    assert (given.gift_of, given.gross, given.amount, given.total) == (gift.id, 40_000, 0, 0)
    assert document.total == 250_000
    assert len(priced([line("1", 249_999)], gift, gifts=(mug,)).lines) == 1


def test_a_gift_that_costs_more_than_is_left_of_a_budget_is_not_given_and_says_so() -> None:
    gift = promotion(1, "gift", (0, 2), gift_product_id=MUG)
    mug = Gift(gift.id, line("", 20_000, product=MUG))

    enough, short = (
        priced([line("1", 250_000)], gift, gifts=(mug,), left=((gift.id, Decimal(left)),)) for left in (40_000, 39_999)
    )

    assert [len(document.lines) for document in (enough, short)] == [2, 1]
    assert reasons(short, "1") == [("P1", "used_up")]
    assert (enough.promotions[0].amount, short.promotions) == (40_000, ())


def test_delivery_is_free_from_a_value_on() -> None:
    free = promotion(1, "free_delivery", (100_000, 100), most_amount=Decimal(15_000))
    freight = line("2", 20_000, product=CAP, kind=LineKind.CHARGE)

    assert off(priced([line("1", 100_000), freight], free)) == {"1": 0, "2": 15_000}
    assert off(priced([line("1", 99_999), freight], free)) == {"1": 0, "2": 0}


def test_promotions_add_up_one_after_the_other_unless_one_stands_alone() -> None:
    lines = [line("1", 100_000)]

    both = priced(lines, promotion(1, "percent", (0, 10)), promotion(2, "amount", (0, 5_000)))
    alone = priced(lines, promotion(1, "percent", (0, 20), exclusive=True), promotion(2, "percent", (0, 10)))
    behind = priced(
        lines, promotion(1, "percent", (0, 20), exclusive=True), promotion(2, "percent", (0, 10), priority=5)
    )

    assert off(both) == {"1": 15_000}
    assert off(alone) == {"1": 20_000}
    assert reasons(alone, "1") == [("P2", "other_promotion")]
    assert off(behind) == {"1": 10_000}
    assert reasons(behind, "1") == [("P1", "other_promotion")]


def test_the_customers_own_goes_before_everybodys_and_the_older_before_the_younger() -> None:
    customer = UUID(int=77)
    own = promotion(9, "percent", (0, 5), exclusive=True, customer_id=customer)
    everybodys = promotion(1, "percent", (0, 30), exclusive=True)
    twin = promotion(2, "percent", (0, 30), exclusive=True)

    document = priced([line("1", 1_000)], everybodys, own, buyer=Buyer(customer_id=customer))

    assert off(document) == {"1": 50}
    assert off(priced([line("1", 1_000)], own)) == {"1": 0}
    assert reasons(priced([line("1", 1_000)], twin, everybodys), "1") == [("P2", "other_promotion")]


def test_what_needs_a_coupon_or_is_used_up_does_not_hold() -> None:
    coupon = promotion(1, "percent", (0, 10), by_coupon=True)
    lines = [line("1", 1_000)]

    assert off(priced(lines, coupon)) == {"1": 0}
    opened = priced(lines, coupon, coupons=((coupon.id, "HEMAT"),))
    assert (off(opened), opened.promotions[0].code) == ({"1": 100}, "HEMAT")
    gone = priced(lines, coupon, coupons=((coupon.id, "HEMAT"),), used_up=frozenset({coupon.id}))
    assert (off(gone), reasons(gone, "1")) == ({"1": 0}, [("P1", "used_up")])


def test_a_price_by_hand_is_left_alone_but_counts_towards_the_value() -> None:
    document = priced(
        [line("1", 100_000, manual_price=Decimal(90_000)), line("2", 10_000, product=CAP)],
        promotion(1, "percent", (0, 10)), promotion(2, "basket_amount", (99_000, 1_000)),
    )  # fmt: skip

    assert off(document) == {"1": 0, "2": 2_000}


def test_a_line_that_keeps_its_price_keeps_what_promotions_took_and_gets_it_once() -> None:
    basket = promotion(1, "basket_amount", (50_000, 10_000))
    kept = line("1", 1, manual_price=Decimal(60_000), kept=(Kept(basket.id, "P1", Decimal(10_000)),))

    document = price_lines(
        PriceRequest("IDR", TODAY, (kept, line("2", 60_000, product=CAP)), book=RuleBook(promotions=[basket]))
    )

    assert off(document) == {"1": 10_000, "2": 0}
    assert reasons(document, "1") == [("P1", "already_given")]


def test_an_optional_line_shows_its_price_but_takes_nothing_of_a_limit() -> None:
    document = priced(
        [line("1", 100_000, optional=True), line("2", 100_000, product=CAP)],
        promotion(1, "percent", (0, 50), most_amount=Decimal(50_000)),
    )

    assert off(document) == {"1": 50_000, "2": 50_000}
    assert document.promotions[0].amount == 50_000


def test_a_discount_by_hand_comes_off_what_promotions_left() -> None:
    document = priced([line("1", 100_000, discount_percent=Decimal(10))], promotion(1, "percent", (0, 100)))

    assert (document.line("1").amount, document.line("1").discount_amount) == (0, 100_000)
    half = priced([line("1", 100_000, discount_percent=Decimal(10))], promotion(1, "percent", (0, 50)))
    assert (half.line("1").amount, half.line("1").promotion_discount) == (45_000, 50_000)
