"""The arithmetic of points: what is earned, used, taken back and given back, to the last one."""

from datetime import date
from random import Random
from uuid import UUID

import pytest

from niaga.pricing.rules import LineKind, Points
from niaga.pricing.rules.loyalty import (
    Lot,
    Programme,
    TierStep,
    earned_on,
    first_ending_first,
    given_back_until,
    last_day,
    months_after,
    points_off,
    points_that_stay,
    tier_reached,
    to_give_back,
    to_take_back,
)
from niaga.pricing.tests.lines import COUNT, D, line, priced

ONE = D(1)


@pytest.mark.parametrize(
    ("amount", "multiplier", "points"), [(9_999, 1, 0), (10_000, 1, 1), (29_999, 1, 2), (29_999, "1.5", 4), (0, 2, 0)]
)
def test_points_are_whole_and_rounded_down_once(amount: int, multiplier: object, points: int) -> None:
    assert earned_on(D(amount), points=1, per_amount=D(10_000), multiplier=D(multiplier)) == points


def test_points_take_off_no_more_than_they_may() -> None:
    half = Programme("IDR", D(100), least_points=50, step_points=10, most_percent=D(50))

    assert points_off(half.points(200), D(100_000), ONE) == (200, 20_000, 500)
    assert points_off(half.points(999), D(100_000), ONE) == (500, 50_000, 500)
    assert points_off(half.points(205), D(100_000), ONE) == (200, 20_000, 500)
    assert points_off(half.points(40), D(100_000), ONE) == (0, 0, 500)
    assert points_off(half.points(200), D(9_000), ONE) == (0, 0, 0)  # 45 at most, and 50 at least


def test_points_that_were_promised_keep_what_they_take_off_as_far_as_it_fits() -> None:
    assert points_off(Points(300, amount=D(30_000)), D(90_000), ONE) == (300, 30_000, 300)
    assert points_off(Points(300, amount=D(30_000)), D(10_050), ONE) == (100, 10_050, 100)
    assert points_that_stay(300, before=D(30_000), now=D(10_050)) == 101
    assert points_that_stay(300, before=D(30_000), now=D(30_000)) == 300


def test_points_come_off_goods_and_services_after_every_discount_and_before_tax() -> None:
    document = priced(
        line("100000", key="1"), line("50000", key="2", kind=LineKind.SERVICE),
        line("20000", key="3", kind=LineKind.CHARGE), discount_percent=D(10), points=Points(270, D(100)),
    )  # fmt: skip

    assert (document.points_used, document.points_amount, document.discount) == (270, 27_000, 15_000)
    assert [one.points_discount for one in document.lines] == [18_000, 9_000, 0]
    assert [one.document_discount for one in document.lines] == [28_000, 14_000, 0]
    assert [one.net for one in document.lines] == [72_000, 36_000, 20_000]
    assert document.net + document.tax + document.rounding == document.total


def test_a_document_credited_bit_by_bit_takes_back_every_point_and_not_one_more() -> None:
    random = Random(7)
    for _turn in range(min(COUNT, 500)):
        rule = {"points": random.randint(1, 9), "per_amount": D(random.randint(1, 20_000)), "multiplier": D("1.25")}
        amount = D(random.randint(1, 10**7))
        earned = earned_on(amount, **rule)
        credited, taken = D(0), 0
        while credited < amount:
            credited = min(amount, credited + random.randint(1, int(amount)))
            stays = earned_on(amount - credited, **rule)
            more = to_take_back(earned=earned, stays=stays, taken=taken)
            assert 0 <= more <= earned - taken
            taken += more
            assert earned - taken == stays
        assert taken == earned


def test_what_is_undone_bit_by_bit_gives_back_every_point_that_was_used() -> None:
    assert to_give_back(used=100, amount=D(10_000), returned=D(3_333), given=0) == 33
    assert to_give_back(used=100, amount=D(10_000), returned=D(6_666), given=33) == 33
    assert to_give_back(used=100, amount=D(10_000), returned=D(10_000), given=66) == 34
    assert to_give_back(used=100, amount=D(10_000), returned=D(10_000), given=100) == 0


def test_the_points_that_end_first_go_first_and_endless_ones_last() -> None:
    never, late, soon = (UUID(int=number) for number in (1, 2, 3))
    lots = [Lot(never, 10, None), Lot(late, 10, date(2027, 5, 1)), Lot(soon, 10, date(2027, 1, 1))]

    assert first_ending_first(lots, 25) == [(soon, 10), (late, 10), (never, 5)]
    assert first_ending_first(lots, 25, first=never) == [(never, 10), (soon, 10), (late, 5)]
    assert first_ending_first(lots, 99) == [(soon, 10), (late, 10), (never, 10)]


def test_months_end_where_the_month_does() -> None:
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2026, 11, 30), 15) == date(2028, 2, 29)
    assert months_after(date(2026, 1, 15), -1) == date(2025, 12, 15)
    assert last_day(date(2026, 1, 15), None) is None


def test_points_that_come_back_have_their_old_last_day_or_thirty_days() -> None:
    today = date(2026, 11, 27)

    assert given_back_until(date(2026, 12, 1), today) == date(2026, 12, 1)
    assert given_back_until(date(2026, 11, 26), today) == date(2026, 12, 27)
    assert given_back_until(None, today) is None


def test_the_highest_tier_that_is_reached_counts() -> None:
    silver, gold = TierStep(UUID(int=1), 100, ONE), TierStep(UUID(int=2), 500, D(2))

    assert tier_reached([silver, gold], 499) == silver
    assert tier_reached([silver, gold], 500) == gold
    assert tier_reached([silver, gold], 99) is None
    assert tier_reached([TierStep(UUID(int=3), 0, ONE)], -5) is not None
