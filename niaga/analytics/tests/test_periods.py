"""Sums and comparisons of the start page."""

from datetime import date
from decimal import Decimal

from niaga.analytics.rules.periods import add_figures, by_day, figure, month_before

D = Decimal


def test_a_month_is_compared_with_the_same_days_of_the_month_before():
    days = {
        date(2026, 10, 1): (D(40), 1), date(2026, 10, 23): (D(60), 1), date(2026, 10, 24): (D(999), 1),
        date(2026, 11, 1): (D(70), 2), date(2026, 11, 23): (D(50), 1),
    }  # fmt: skip

    found = figure(days, today=date(2026, 11, 23))

    assert (found.today, found.month, found.number, found.before) == (D(50), D(120), 3, D(100))
    assert found.change == D("20.0")


def test_a_long_month_is_compared_with_the_whole_of_a_short_one():
    assert month_before(date(2026, 3, 31)) == (date(2026, 2, 1), date(2026, 2, 28))


def test_nothing_to_compare_with_gives_no_percentage():
    assert figure({date(2026, 11, 1): (D(5), 1)}, today=date(2026, 11, 2)).change is None


def test_sources_add_up_by_day_and_every_day_is_shown():
    one, other = {date(2026, 11, 1): (D(5), 1)}, {date(2026, 11, 1): (D(2), 1), date(2026, 11, 3): (D(1), 1)}

    whole = add_figures(one, other)

    assert by_day(whole, start=date(2026, 11, 1), end=date(2026, 11, 3)) == [
        (date(2026, 11, 1), D(7)), (date(2026, 11, 2), D(0)), (date(2026, 11, 3), D(1)),
    ]  # fmt: skip
