"""From which day how much can be promised."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from niaga.stock.rules.promise import Dated, Step, earliest, to_promise

TODAY = date(2026, 11, 23)
DAYS = [date(2026, 12, day) for day in (1, 3, 8)]


def promise(free: int, coming: list[tuple[date, int]], claims: list[tuple[date | None, int]] = ()) -> list[Step]:  # type: ignore[assignment]
    return to_promise(
        free=Decimal(free), today=TODAY, coming=[Dated(day, Decimal(size)) for day, size in coming],
        claims=[Dated(day, Decimal(size)) for day, size in claims],
    )  # fmt: skip


def test_what_is_free_goes_now_and_what_comes_from_its_day_on():
    steps = promise(12, [(DAYS[1], 18), (DAYS[2], 5)])

    assert steps == [Step(None, Decimal(12)), Step(DAYS[1], Decimal(30)), Step(DAYS[2], Decimal(35))]
    assert earliest(steps, wanted=Decimal(12)) == steps[0]
    assert earliest(steps, wanted=Decimal(13)) == steps[1]
    assert earliest(steps, wanted=Decimal(36)) is None


def test_what_is_promised_of_the_incoming_goods_cannot_be_promised_again():
    assert promise(0, [(DAYS[0], 10)], [(DAYS[0], 10)]) == [Step(None, Decimal(0))]
    # a claim for a later day still needs the goods that come before it
    assert promise(0, [(DAYS[0], 10)], [(DAYS[2], 4)]) == [Step(None, Decimal(0)), Step(DAYS[0], Decimal(6))]
    # and what comes after it does not help it, so it stays free
    assert promise(0, [(DAYS[0], 10), (DAYS[2], 5)], [(DAYS[1], 10)])[-1] == Step(DAYS[2], Decimal(5))


def test_goods_that_are_late_are_not_counted_on_and_a_claim_without_a_day_takes_nothing():
    assert promise(3, [(date(2026, 11, 22), 50)]) == [Step(None, Decimal(3))]
    assert promise(0, [(DAYS[0], 10)], [(None, 15)])[-1] == Step(DAYS[0], Decimal(10))


@given(
    st.lists(st.tuples(st.sampled_from(DAYS), st.integers(1, 20)), max_size=6),
    st.lists(st.integers(1, 15), max_size=8),
)
def test_promises_one_after_the_other_never_take_more_by_any_day_than_has_come(coming, wanted):
    claims: list[tuple[date | None, int]] = []
    for size in wanted:
        step = earliest(promise(0, coming, claims), wanted=Decimal(size))
        claims.append((step.date if step else None, size))

    for day in DAYS:
        promised = sum(size for on, size in claims if on is not None and on <= day)
        assert promised <= sum(size for on, size in coming if on <= day)
