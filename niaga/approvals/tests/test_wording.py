"""Rules are told in plain sentences, whatever they compare, in both languages."""

import pytest
from django.utils.translation import override

from niaga.approvals.rules.condition import COMPARED, FIELDS, Kind, Op
from niaga.approvals.tests.shop import every, some, that
from niaga.approvals.wording import condition_words

NAMES = {"g1": "Grosir", "g2": "Ritel", "t1": "Surabaya"}


@pytest.mark.parametrize(
    ("condition", "english", "indonesian"),
    [
        (that("below_floor", "above", "0", False), "Price below the floor", "Harga di bawah batas"),
        (
            that("below_floor", "above", "50000"),
            "Prices more than Rp 50,000 below the floor in all (or not known)",
            "Harga seluruhnya lebih dari Rp 50.000 di bawah batas (atau tidak diketahui)",
        ),
        (
            that("below_floor_percent", "at_least", "5", False),
            "A price 5% or more below the floor",
            "Salah satu harga 5 % atau lebih di bawah batas",
        ),
        (that("credit_over_by", "above", "0"), "Credit limit passed", "Batas kredit terlampaui"),
        (that("discount_percent", "above", "0"), "Any discount", "Ada diskon"),
        (that("discount_percent", "above", "12.5"), "Discount above 12.5%", "Diskon di atas 12,5 %"),
        (that("margin_percent", "below", "0", False), "Negative margin", "Margin negatif"),
        (
            that("line_margin_percent", "below", "8", False),
            "Margin of a line below 8%",
            "Margin salah satu baris di bawah 8 %",
        ),
        (
            that("payment_term_days", "above", "45"),
            "Payment term longer than 45 days",
            "Termin pembayaran lebih dari 45 hari",
        ),
        (
            that("exposure", "at_least", "5000000"),
            "The customer owes Rp 5,000,000 or more",
            "Utang pelanggan Rp 5.000.000 atau lebih",
        ),
        (that("below_cost", "is", None, False), "Sold below cost", "Dijual di bawah harga pokok"),
        (
            that("customer_group", "is", ["g2", "g1"]),
            "Customer of group Grosir or Ritel",
            "Pelanggan grup Grosir atau Ritel",
        ),
        (that("team", "is", ["t1"]), "Sold by team Surabaya", "Dijual tim Surabaya"),
    ],
)
def test_a_rule_is_a_plain_sentence(condition, english, indonesian):
    told = {}
    for language in ("en", "id"):
        with override(language):
            told[language] = condition_words(every(condition), "IDR", NAMES).replace("\xa0", " ")

    assert told == {"en": english, "id": indonesian}


def test_comparisons_are_joined_in_one_sentence():
    condition = every(some(that("discount_percent", "above", "10"), that("below_cost", "is", None, False)),
                      that("team", "is", ["t1"]))  # fmt: skip

    with override("en"):
        assert (
            condition_words(condition, "IDR", NAMES)
            == "(Discount above 10% or sold below cost) and sold by team Surabaya"
        )


def test_every_figure_has_a_sentence_of_its_own_for_every_comparison():
    told = set()
    for name, field in FIELDS.items():
        ops = COMPARED if field.kind in (Kind.AMOUNT, Kind.PERCENT, Kind.DAYS) else (Op.IS,)
        for op in ops:
            for value in ("0", "7"):
                given = ["g1"] if field.kind is Kind.CHOICE else value
                with override("id"):
                    told.add(condition_words(every(that(name, op, given, False)), "IDR", NAMES))

    assert len(told) > 60
