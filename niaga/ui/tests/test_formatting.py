from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from niaga.core.money import Money
from niaga.ui import formatting


@pytest.mark.parametrize(
    ("language", "value", "currency", "shown"),
    [
        ("id", Decimal("1234567"), "IDR", "Rp\u00a01.234.567"),
        ("en", Decimal("1234567"), "IDR", "Rp\u00a01,234,567"),
        ("id", Decimal("-1234.5"), "USD", "-$\u00a01.234,50"),
        ("en", Decimal("1234.5"), "USD", "$\u00a01,234.50"),
        ("id", Decimal("0.5"), "IDR", "Rp\u00a01"),
        ("id", None, "IDR", ""),
    ],
)
def test_money_is_written_as_people_write_it(language: str, value: Decimal | None, currency: str, shown: str) -> None:
    with translation.override(language):
        assert formatting.money(value, currency) == shown


def test_money_carries_its_own_currency() -> None:
    with translation.override("id"):
        assert formatting.money(Money(Decimal("43268629"), "IDR")) == "Rp\u00a043.268.629"


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("id", "1.234,5", "1234.5"),
        ("id", "1.500", "1500"),
        ("id", "1.5", "1.5"),
        ("id", "Rp 1.234.567", "1234567"),
        ("id", "1,234,567", "1234567"),
        ("en", "1,234.5", "1234.5"),
        ("en", "1,500", "1500"),
        ("en", "1.500", "1.500"),
        ("id", "-12", "-12"),
        ("id", "5 %", "5"),
    ],
)
def test_numbers_are_read_as_they_are_meant(language: str, text: str, value: str) -> None:
    with translation.override(language):
        assert formatting.parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "abc", "1.2.3", "=1+1", "1e9", "9" * 40, "--1", "NaN"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with translation.override("id"), pytest.raises(ValueError):
        formatting.parse_number(text)


def test_a_day_is_written_with_its_short_month() -> None:
    with translation.override("id"):
        assert formatting.day(datetime(2026, 11, 23, 3, tzinfo=UTC)) == "23 Nov 2026"


@pytest.mark.parametrize(
    ("text", "percent", "money"),
    [
        ("5", 5, None), ("5%", 5, None), ("2,5 %", "2.5", None), ("100", 100, None), ("5.000", None, 5000),
        ("5000", None, 5000), ("Rp 50", None, 50), ("Rp50", None, 50), ("12.500,5", None, "12500.5"),
        ("150%", 150, None),
    ],
)  # fmt: skip
def test_a_discount_is_read_as_percent_or_as_money(text: str, percent: object, money: object) -> None:
    with translation.override("id"):
        found = formatting.parse_discount(text)

    assert found == tuple(None if one is None else Decimal(str(one)) for one in (percent, money))


@pytest.mark.parametrize(("percent", "money"), [("2.5", None), (None, "5000"), (None, "50"), (None, "33.3333")])
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_discount_is_shown_as_it_is_read_again(percent: str | None, money: str | None, language: str) -> None:
    pair = tuple(None if one is None else Decimal(one) for one in (percent, money))

    with translation.override(language):
        assert formatting.parse_discount(formatting.discount(*pair, "IDR")) == pair
