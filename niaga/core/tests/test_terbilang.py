from decimal import Decimal

import pytest

from niaga.core.rules.terbilang import amount_in_words, integer_in_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (1, "satu"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (100, "seratus"),
        (101, "seratus satu"),
        (111, "seratus sebelas"),
        (200, "dua ratus"),
        (1000, "seribu"),
        (1001, "seribu satu"),
        (1111, "seribu seratus sebelas"),
        (2000, "dua ribu"),
        (11000, "sebelas ribu"),
        (21000, "dua puluh satu ribu"),
        (101000, "seratus satu ribu"),
        (100000, "seratus ribu"),
        (1000000, "satu juta"),
        (1001000, "satu juta seribu"),
        (1000000000, "satu miliar"),
        (1001001001, "satu miliar satu juta seribu satu"),
        (1000000000000, "satu triliun"),
        (43268629, "empat puluh tiga juta dua ratus enam puluh delapan ribu enam ratus dua puluh sembilan"),
        (-5, "minus lima"),
    ],
)
def test_numbers_in_indonesian_words(number: int, words: str) -> None:
    assert integer_in_words(number, "id") == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (40, "forty"),
        (99, "ninety-nine"),
        (100, "one hundred"),
        (1015, "one thousand fifteen"),
        (1000000, "one million"),
        (2000300, "two million three hundred"),
    ],
)
def test_numbers_in_english_words(number: int, words: str) -> None:
    assert integer_in_words(number, "en") == words


@pytest.mark.parametrize(
    ("amount", "currency", "language", "words"),
    [
        ("1001500", "IDR", "id", "Satu juta seribu lima ratus rupiah"),
        ("1234.50", "USD", "en", "One thousand two hundred thirty-four US dollars and fifty cents"),
        ("1.01", "USD", "en", "One US dollar and one cent"),
        ("1.01", "USD", "id", "Satu dolar Amerika Serikat satu sen"),
        ("0.005", "USD", "en", "Zero US dollars and one cent"),
        ("12", "CHF", "en", "Twelve CHF"),
        ("-1000", "IDR", "id", "Minus seribu rupiah"),
        ("999.4", "IDR", "id", "Sembilan ratus sembilan puluh sembilan rupiah"),
    ],
)
def test_amounts_in_words(amount: str, currency: str, language: str, words: str) -> None:
    assert amount_in_words(Decimal(amount), currency, language) == words


def test_a_number_beyond_words_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        integer_in_words(10**18, "id")
