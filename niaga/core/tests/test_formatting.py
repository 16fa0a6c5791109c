from datetime import date
from decimal import Decimal

import pytest

from niaga.core.rules.calendar import Period, add_months, end_of_month, next_working_day, previous_month, year_of
from niaga.core.rules.formatting import (
    format_amount,
    format_date,
    format_long_date,
    format_money,
    format_number,
    format_percent,
    format_price,
)

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        ("1234567", "IDR", "id", f"Rp{NBSP}1.234.567"),
        ("-1234567", "IDR", "id", f"-Rp{NBSP}1.234.567"),
        ("1234567.5", "IDR", "en", f"Rp{NBSP}1,234,568"),
        ("1234.5", "USD", "id", f"US${NBSP}1.234,50"),
        ("-0.4", "IDR", "id", f"Rp{NBSP}0"),
        ("12", "CHF", "en", f"CHF{NBSP}12.00"),
    ],
)
def test_money_as_people_write_it(amount: str, currency: str, language: str, text: str) -> None:
    assert format_money(Decimal(amount), currency, language) == text


def test_the_space_after_the_symbol_is_a_choice() -> None:
    assert format_money(Decimal(5000), "IDR", "id", space=False) == "Rp5.000"


def test_numbers_percentages_and_prices() -> None:
    assert format_number(Decimal("1234.500000"), "id") == "1.234,5"
    assert format_number(Decimal("1000"), "id") == "1.000"
    assert format_number(Decimal("-0.0000001"), "id") == "0"
    assert format_number(Decimal("2.345"), "en", digits=2) == "2.35"
    assert format_percent(Decimal("12.50"), "id") == f"12,5{NBSP}%"
    assert format_percent(Decimal("12"), "en") == "12%"
    assert format_price(Decimal("98000.000000"), "IDR", "id") == "98.000"
    assert format_price(Decimal("98000.250000"), "IDR", "id") == "98.000,25"
    assert format_price(Decimal("1.500000"), "USD", "en") == "1.50"
    assert format_price(Decimal("0.003500"), "USD", "en") == "0.0035"
    assert format_amount(Decimal("5"), "USD", "en") == "5.00"


def test_dates_in_both_languages() -> None:
    day = date(2026, 8, 3)

    assert (format_date(day, "id"), format_date(day, "en")) == ("3 Agu 2026", "3 Aug 2026")
    assert format_long_date(day, "id", weekday=True) == "Senin, 3 Agustus 2026"
    assert format_long_date(day, "en") == "3 August 2026"


def test_months_end_where_they_end() -> None:
    assert end_of_month(date(2028, 2, 5)) == date(2028, 2, 29)
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 1, 31), -2) == date(2025, 11, 30)
    assert previous_month(date(2026, 1, 15)) == Period(date(2025, 12, 1), date(2025, 12, 31))
    assert year_of(date(2026, 3, 31), first_month=4) == Period(date(2025, 4, 1), date(2026, 3, 31))
    assert date(2025, 12, 31) in previous_month(date(2026, 1, 15))


def test_a_working_day_is_neither_weekend_nor_holiday() -> None:
    assert next_working_day(date(2026, 11, 28)) == date(2026, 11, 30)
    assert next_working_day(date(2026, 12, 25), {date(2026, 12, 25)}) == date(2026, 12, 28)
