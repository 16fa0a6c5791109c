"""Bar codes: EAN-8, UPC-A, EAN-13 and GTIN-14 with their check digit, and a company's own codes as they are."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

MOST = 40
_LENGTHS = {8: "ean8", 12: "upca", 13: "ean13", 14: "gtin14"}


class BarcodeKind(StrEnum):
    EAN8 = "ean8"
    UPCA = "upca"
    EAN13 = "ean13"
    GTIN14 = "gtin14"
    OWN = "own"


class BadBarcode(ValueError):
    """`code` says why: `empty`, `too_long`, `control_characters`, `check_digit`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Barcode(NamedTuple):
    code: str
    kind: BarcodeKind


def check_digit(digits: str) -> str:
    """The last digit of a code whose other digits are `digits` (weights 3 and 1 from the right)."""
    total = sum(int(digit) * (3 if n % 2 == 0 else 1) for n, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def check_barcode(text: str) -> Barcode:
    """The code as it is kept.

    Digits of the length of a GTIN must carry its check digit; everything else is the company's own code.

    :raises BadBarcode: empty, too long, control characters, or a GTIN that was mistyped
    """
    code = text.strip()
    if not code:
        raise BadBarcode("empty")
    if len(code) > MOST:
        raise BadBarcode("too_long")
    if not code.isprintable():
        raise BadBarcode("control_characters")
    kind = _LENGTHS.get(len(code)) if code.isascii() and code.isdigit() else None
    if kind is None:
        return Barcode(code, BarcodeKind.OWN)
    if check_digit(code[:-1]) != code[-1]:
        raise BadBarcode("check_digit")
    return Barcode(code, BarcodeKind(kind))


def same_article(code: str) -> set[str]:
    """Every way the same GTIN may be scanned: a UPC-A is an EAN-13 with a zero in front, and back."""
    codes = {code}
    if code.isascii() and code.isdigit():
        if len(code) == 12:
            codes.add(f"0{code}")
        elif len(code) == 13 and code.startswith("0"):
            codes.add(code[1:])
    return codes
