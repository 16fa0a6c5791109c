"""On which days a customer takes invoices in: no database."""

from datetime import date

import pytest

from niaga.invoicing.rules.exchange_days import ExchangeDays, is_exchange_day, next_exchange_day


@pytest.mark.parametrize(
    ("days", "day", "answer"),
    [
        (ExchangeDays(weekdays={1, 3}), date(2026, 11, 24), True),  # a Tuesday
        (ExchangeDays(weekdays={1, 3}), date(2026, 11, 25), False),
        (ExchangeDays(weekdays={3}), date(2027, 1, 1), False),  # New Year's Day falls on a Friday
        (ExchangeDays(weekdays={4}), date(2027, 1, 1), False),
        (ExchangeDays(weekdays={5}), date(2026, 11, 28), True),  # a Saturday that was asked for
        (ExchangeDays(month_days={10, 25}), date(2026, 11, 25), True),
        (ExchangeDays(month_days={10, 25}), date(2026, 11, 26), False),
        (ExchangeDays(month_days={28}), date(2026, 11, 28), False),  # a Saturday moves
        (ExchangeDays(month_days={28}), date(2026, 11, 30), True),  # to Monday
        (ExchangeDays(month_days={31}), date(2027, 2, 26), False),
        (ExchangeDays(month_days={31}), date(2027, 3, 1), True),  # the 28th of February is a Sunday
        (ExchangeDays(), date(2026, 11, 26), True),
        (ExchangeDays(), date(2026, 11, 28), False),
    ],
)
def test_a_customer_takes_invoices_in_on_its_days(days: ExchangeDays, day: date, answer: bool) -> None:
    assert is_exchange_day(day, days) is answer


def test_the_next_day_is_after_the_day_that_was_missed() -> None:
    assert next_exchange_day(date(2026, 11, 24), ExchangeDays(weekdays={1, 3})) == date(2026, 11, 26)
    assert next_exchange_day(date(2026, 11, 24), ExchangeDays(month_days={10})) == date(2026, 12, 10)
