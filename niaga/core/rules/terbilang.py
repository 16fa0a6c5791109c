"""Amounts of money in words, as Indonesian and English documents carry them.

    >>> amount_in_words(Decimal("1001500"), "IDR", "id")
    'Satu juta seribu lima ratus rupiah'

Indonesian says *seribu* for a thousand that stands alone in its group, but *satu juta*, *satu miliar*; a hundred is
always *seratus*, ten *sepuluh*, eleven *sebelas*.
"""

from __future__ import annotations

from decimal import Decimal

from niaga.core.money import exponent, round_amount

LARGEST = 10**18 - 1

_ID_UNITS = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")
_ID_GROUPS = ("", "ribu", "juta", "miliar", "triliun", "kuadriliun")
_EN_UNITS = (
    "", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_EN_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_EN_GROUPS = ("", "thousand", "million", "billion", "trillion", "quadrillion")

# currency: (Indonesian, its subunit, English singular, plural, subunit singular, plural)
_NAMES = {
    "IDR": ("rupiah", "sen", "rupiah", "rupiah", "sen", "sen"),
    "USD": ("dolar Amerika Serikat", "sen", "US dollar", "US dollars", "cent", "cents"),
    "SGD": ("dolar Singapura", "sen", "Singapore dollar", "Singapore dollars", "cent", "cents"),
    "AUD": ("dolar Australia", "sen", "Australian dollar", "Australian dollars", "cent", "cents"),
    "EUR": ("euro", "sen", "euro", "euros", "cent", "cents"),
    "GBP": ("pound sterling", "penny", "pound sterling", "pounds sterling", "penny", "pence"),
    "MYR": ("ringgit Malaysia", "sen", "Malaysian ringgit", "Malaysian ringgit", "sen", "sen"),
    "JPY": ("yen", "", "yen", "yen", "", ""),
    "KWD": ("dinar Kuwait", "fils", "Kuwaiti dinar", "Kuwaiti dinars", "fils", "fils"),
    "CNY": ("yuan", "fen", "yuan", "yuan", "fen", "fen"),
}


def integer_in_words(number: int, language: str) -> str:
    """A whole number in words, lower case.

    :param language: `id` for Indonesian; every other language is answered in English
    :raises ValueError: beyond 999 quadrillion
    """
    if abs(number) > LARGEST:
        raise ValueError("the number is too large to be written in words")
    indonesian = language.startswith("id")
    if number == 0:
        return "nol" if indonesian else "zero"
    if number < 0:
        return f"minus {integer_in_words(-number, language)}"
    group_names = _ID_GROUPS if indonesian else _EN_GROUPS
    words: list[str] = []
    for place in range(len(group_names) - 1, -1, -1):
        group = number // 1000**place % 1000
        if not group:
            continue
        if indonesian and place == 1 and group == 1:
            words.append("seribu")
            continue
        words.extend(_indonesian_group(group) if indonesian else _english_group(group))
        if group_names[place]:
            words.append(group_names[place])
    return " ".join(words)


def amount_in_words(amount: Decimal, currency: str, language: str) -> str:
    """An amount with its currency in words, first letter upper case; rounded half up to the currency's unit.

    A currency without a name of its own here is called by its code.

    :raises ValueError: beyond 999 quadrillion
    """
    indonesian = language.startswith("id")
    digits = exponent(currency)
    rounded = round_amount(amount, currency)
    units = int(abs(rounded).scaleb(digits))
    whole, part = divmod(units, 10**digits)
    id_name, id_sub, en_one, en_many, en_sub_one, en_sub_many = _NAMES.get(
        currency, (currency, f"per {10**digits}", currency, currency, f"/{10**digits}", f"/{10**digits}")
    )
    if indonesian:
        text = f"{integer_in_words(whole, language)} {id_name}"
        if part:
            text += f" {integer_in_words(part, language)} {id_sub}"
    else:
        text = f"{integer_in_words(whole, language)} {en_one if whole == 1 else en_many}"
        if part:
            text += f" and {integer_in_words(part, language)} {en_sub_one if part == 1 else en_sub_many}"
    if rounded < 0:
        text = f"minus {text}"
    return text[0].upper() + text[1:]


def _indonesian_group(group: int) -> list[str]:
    """1 to 999."""
    words: list[str] = []
    hundreds, rest = divmod(group, 100)
    if hundreds == 1:
        words.append("seratus")
    elif hundreds:
        words += [_ID_UNITS[hundreds], "ratus"]
    if rest >= 20:
        tens, ones = divmod(rest, 10)
        words += [_ID_UNITS[tens], "puluh"]
        if ones:
            words.append(_ID_UNITS[ones])
    elif rest >= 12:
        words += [_ID_UNITS[rest - 10], "belas"]
    elif rest:
        words.append(_ID_UNITS[rest])
    return words


def _english_group(group: int) -> list[str]:
    """1 to 999."""
    words: list[str] = []
    hundreds, rest = divmod(group, 100)
    if hundreds:
        words += [_EN_UNITS[hundreds], "hundred"]
    if rest >= 20:
        tens, ones = divmod(rest, 10)
        words.append(_EN_TENS[tens] + (f"-{_EN_UNITS[ones]}" if ones else ""))
    elif rest:
        words.append(_EN_UNITS[rest])
    return words
