from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from niaga.core.rules.formatting import format_npwp
from niaga.parties.rules.credit import CreditFigures
from niaga.parties.rules.phones import BadPhone, format_phone, is_mobile, to_e164
from niaga.parties.rules.tax_ids import (
    BadTaxId,
    TaxId,
    check_nik,
    check_nitku,
    check_npwp,
    check_tax_id,
    head_office_nitku,
)
from niaga.parties.rules.terms import BadTerm, Due, Part, due_parts

D = Decimal


def test_an_old_npwp_gets_its_zero_in_front() -> None:
    assert check_npwp("01.312.166.0-091.000") == TaxId("0013121660091000")
    assert check_npwp("0013121660091000") == TaxId("0013121660091000")


def test_a_mistyped_npwp_is_doubted_and_not_refused() -> None:
    assert check_npwp("01.312.166.1-091.000") == TaxId("0013121661091000", "check_digit")


def test_a_residents_npwp_is_the_nik() -> None:
    assert check_npwp("3171011708450001") == TaxId("3171011708450001")
    assert check_nik("3171011713450001").doubt == "birth_date_or_region"


@pytest.mark.parametrize(
    ("text", "code"), [("12345", "wrong_length"), ("01A312166009100", "not_digits"), ("", "not_digits")]
)
def test_what_can_never_be_an_npwp_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadTaxId) as refusal:
        check_npwp(text)

    assert refusal.value.code == code


def test_digits_of_other_scripts_are_no_digits() -> None:
    with pytest.raises(BadTaxId):
        check_nik("٣١٧١٠١١٧٠٨٤٥٠٠٠١")


def test_a_nitku_belongs_to_its_npwp() -> None:
    assert head_office_nitku("01.312.166.0-091.000") == "0013121660091000000000"
    assert check_nitku("0013121660091000000003", npwp="013121660091000").value == "0013121660091000000003"
    with pytest.raises(BadTaxId) as refusal:
        check_nitku("0013121660091000000003", npwp="3171011708450001")
    assert refusal.value.code == "not_of_this_npwp"


def test_other_identities_are_kept_as_text() -> None:
    assert check_tax_id("passport", " c1234567 ") == TaxId("C1234567")
    with pytest.raises(BadTaxId):
        check_tax_id("ktp", "1")


def test_an_npwp_is_shown_in_its_groups() -> None:
    assert format_npwp("0013121660091000") == "01.312.166.0-091.000"
    assert format_npwp("3171011708450001") == "3171 0117 0845 0001"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0812-3456-789", "+628123456789"),
        ("+62 812 3456 789", "+628123456789"),
        ("62 812 3456 789", "+628123456789"),
        ("(031) 567 8901", "+62315678901"),
        ("+1 650 253 0000", "+16502530000"),
        ("  ", ""),
    ],
)
def test_telephone_numbers_are_kept_with_their_country(text: str, number: str) -> None:
    assert to_e164(text) == number


@pytest.mark.parametrize("text", ["12", "hello", "0812 3456 7890 1234 5678"])
def test_what_is_no_telephone_number_is_refused(text: str) -> None:
    with pytest.raises(BadPhone):
        to_e164(text)


def test_telephone_numbers_are_shown_as_they_are_dialled() -> None:
    assert format_phone("+628123456789") == "0812-3456-789"
    assert format_phone("+16502530000") == "+1 650-253-0000"
    assert format_phone("ext. 5") == "ext. 5"
    assert is_mobile("+628123456789")
    assert not is_mobile("+62315678901")


def test_net_days_and_days_after_the_months_end() -> None:
    day = date(2026, 11, 24)

    assert due_parts([], invoice_date=day, total=D(100), currency="IDR") == [Due(1, day, D(100))]
    assert due_parts([Part(D(100), 30)], invoice_date=day, total=D(100), currency="IDR") == [
        Due(1, date(2026, 12, 24), D(100))
    ]
    assert due_parts([Part(D(100), 10, True)], invoice_date=day, total=D(100), currency="IDR") == [
        Due(1, date(2026, 12, 10), D(100))
    ]


def test_instalments_are_the_total_to_the_last_rupiah() -> None:
    third = Part(D("33.333333"), 30)
    parts = [third, Part(D("33.333333"), 60), Part(D("33.333334"), 0)]

    dues = due_parts(parts, invoice_date=date(2026, 11, 24), total=D(100000), currency="IDR")

    assert dues == [
        Due(1, date(2026, 11, 24), D(33334)),
        Due(2, date(2026, 12, 24), D(33333)),
        Due(3, date(2027, 1, 23), D(33333)),
    ]


@given(st.lists(st.integers(1, 100), min_size=1, max_size=12), st.integers(0, 10**13), st.sampled_from(["IDR", "USD"]))
def test_any_instalments_add_up(weights: list[int], total: int, currency: str) -> None:
    whole = sum(weights)
    percents = [(D(weight) * 100 / whole).quantize(D("0.000001")) for weight in weights]
    percents[-1] += 100 - sum(percents)
    amount = D(total) if currency == "IDR" else D(total) / 100

    dues = due_parts(
        [Part(percent) for percent in percents], invoice_date=date(2026, 1, 1), total=amount, currency=currency
    )

    assert sum(due.amount for due in dues) == amount


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([Part(D(50))], "percent_not_hundred"),
        ([Part(D(0)), Part(D(100))], "part_out_of_range"),
        ([Part(D(100), -1)], "days_out_of_range"),
    ],
)
def test_terms_that_do_not_make_a_hundred_are_refused(parts: list[Part], code: str) -> None:
    with pytest.raises(BadTerm) as refusal:
        due_parts(parts, invoice_date=date(2026, 1, 1), total=D(1), currency="IDR")

    assert refusal.value.code == code


def figures(limit: Decimal | None, **facts: Decimal) -> CreditFigures:
    sums = {"orders": D(0), "invoices": D(0), "advances": D(0)} | facts
    return CreditFigures(UUID(int=1), UUID(int=2), "IDR", limit, False, **sums)


def test_credit_is_the_limit_less_orders_and_invoices_and_more_by_advances() -> None:
    credit = figures(D(1000), orders=D(300), invoices=D(500), advances=D(100))

    assert (credit.exposure, credit.available) == (D(700), D(300))
    assert credit.has_room_for(D(300))
    assert not credit.has_room_for(D(301))


def test_a_customer_without_a_limit_always_has_room() -> None:
    assert figures(None, invoices=D(10**12)).has_room_for(D(10**12))
