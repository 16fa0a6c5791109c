"""Indonesian numbers of taxpayers and citizens. They are text: a leading zero counts.

What is refused can never be right (letters, a wrong length). What is only doubtful (a check digit, a birth date or a
region that does not fit) is answered as `doubt`, for the person to look at again: registries make mistakes too, and
new provinces come before their codes are known.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.id import nik as stdnum_nik

_SEPARATORS = re.compile(r"[\s.\-/\u2010-\u2015\u00a0]")
_DIGITS = re.compile(r"[0-9]+")
HEAD_OFFICE = "000000"


class BadTaxId(ValueError):
    """`code` says why: `not_digits`, `wrong_length`, `not_of_this_npwp`, `unknown_kind`, `too_long`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class TaxId(NamedTuple):
    value: str
    doubt: str = ""
    """`check_digit`, `birth_date_or_region`, or nothing."""


def _digits(text: str, lengths: tuple[int, ...]) -> str:
    number = _SEPARATORS.sub("", text)
    if not _DIGITS.fullmatch(number):
        raise BadTaxId("not_digits")
    if len(number) not in lengths:
        raise BadTaxId("wrong_length")
    return number


def check_npwp(text: str) -> TaxId:
    """An NPWP of 16 digits. An old one of 15 digits gets its zero in front; a resident's NPWP is the NIK.

    :raises BadTaxId: not 15 or 16 digits
    """
    number = _digits(text, (15, 16))
    if len(number) == 15:
        number = f"0{number}"
    if number.startswith("0"):
        return TaxId(number, "" if luhn.is_valid(number[:10]) else "check_digit")
    return check_nik(number)


def check_nik(text: str) -> TaxId:
    """A citizen's number of 16 digits: place, birth date (a woman's day plus 40), serial.

    :raises BadTaxId: not 16 digits
    """
    number = _digits(text, (16,))
    try:
        stdnum_nik.validate(number)
    except ValidationError:
        return TaxId(number, "birth_date_or_region")
    return TaxId(number)


def check_nitku(text: str, *, npwp: str = "") -> TaxId:
    """The identity of a place of business: NPWP and six digits, `000000` for the head office.

    :raises BadTaxId: not 22 digits, or it begins with another NPWP than `npwp`
    """
    number = _digits(text, (22,))
    if npwp and not number.startswith(check_npwp(npwp).value):
        raise BadTaxId("not_of_this_npwp")
    return TaxId(number, check_npwp(number[:16]).doubt)


def head_office_nitku(npwp: str) -> str:
    """:raises BadTaxId: not 15 or 16 digits"""
    return check_npwp(npwp).value + HEAD_OFFICE


def check_tax_id(kind: str, text: str) -> TaxId:
    """Any identity a tax invoice may name. `kind` is `npwp`, `nik`, `passport` or `other`.

    :raises BadTaxId: it can never be right
    """
    if kind == "npwp":
        return check_npwp(text)
    if kind == "nik":
        return check_nik(text)
    if kind not in ("passport", "other"):
        raise BadTaxId("unknown_kind")
    number = text.strip().upper() if kind == "passport" else text.strip()
    if len(number) > 30:
        raise BadTaxId("too_long")
    return TaxId(number)
