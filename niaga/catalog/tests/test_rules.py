from decimal import Decimal

import pytest

from niaga.catalog.rules.barcodes import BadBarcode, Barcode, BarcodeKind, check_barcode, check_digit, same_article
from niaga.catalog.rules.units import BadQuantity, check_quantity, convert, from_base, to_base, whole_units

D = Decimal


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("8991002101111", BarcodeKind.EAN13),
        ("96385074", BarcodeKind.EAN8),
        ("036000291452", BarcodeKind.UPCA),
        ("10012345678902", BarcodeKind.GTIN14),
        ("KOP-0112", BarcodeKind.OWN),
        ("12345", BarcodeKind.OWN),
    ],
)
def test_bar_codes_are_known_by_their_shape(text: str, kind: BarcodeKind) -> None:
    code = text if kind is BarcodeKind.OWN else text[:-1] + check_digit(text[:-1])

    assert check_barcode(f" {code} ") == Barcode(code, kind)


@pytest.mark.parametrize("text", ["4006381333931", "5901234123457", "96385074", "036000291452"])
def test_known_codes_carry_their_check_digit(text: str) -> None:
    assert check_digit(text[:-1]) == text[-1]


@pytest.mark.parametrize(
    ("text", "code"),
    [("4006381333932", "check_digit"), (" ", "empty"), ("x" * 41, "too_long"), ("a\tb", "control_characters")],
)
def test_mistyped_bar_codes_are_refused(text: str, code: str) -> None:
    with pytest.raises(BadBarcode) as refusal:
        check_barcode(text)

    assert refusal.value.code == code


def test_a_upc_and_its_ean_are_one_article() -> None:
    assert same_article("036000291452") == {"036000291452", "0036000291452"}
    assert same_article("0036000291452") == {"036000291452", "0036000291452"}
    assert same_article("KOP") == {"KOP"}


def test_units_convert_exactly() -> None:
    factors = {"pcs": D(1), "box": D(12), "karton": D(144)}

    assert to_base(D("2.5"), D(12)) == D(30)
    assert from_base(D(30), D(12)) == D("2.5")
    assert whole_units(D(30), D(12)) == (D(2), D(6))
    assert convert(D(2), source="karton", target="box", factors=factors) == D(24)
    assert convert(D(1), source="pcs", target="box", factors=factors) == D("0.083333")
    with pytest.raises(BadQuantity):
        convert(D(1), source="pcs", target="kg", factors=factors)


def test_pieces_are_whole_and_kilograms_have_grams() -> None:
    assert check_quantity(D("3.000"), digits=0) == 3
    assert check_quantity(D("1.234"), digits=3) == D("1.234")
    with pytest.raises(BadQuantity):
        check_quantity(D("1.5"), digits=0)
