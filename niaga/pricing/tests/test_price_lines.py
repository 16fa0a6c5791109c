"""The price seam, by example and by identity. No database."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from niaga.core.money import exponent
from niaga.pricing.rules import (
    Fault,
    LineKind,
    LineRequest,
    PriceRefused,
    PriceRequest,
    Problem,
    TaxCategory,
    TaxPolicy,
    TaxRate,
    TaxRounding,
    price_lines,
)
from niaga.pricing.tests.lines import (
    BY_GROUP,
    CAR,
    COUNT,
    DAY,
    EXEMPT,
    LUXURY,
    PPN,
    VAT_DE,
    YACHT,
    D,
    line,
    priced,
)


def test_the_other_base_is_rounded_before_the_rate_is_applied() -> None:
    document = priced(line("100277"))

    only = document.lines[0]
    assert (only.net, only.other_tax_base, only.tax, only.total) == (D(100277), D(91921), D(11031), D(111308))


def test_five_thousand_rupiah_with_tax_take_the_lower_base_and_show_the_rupiah_as_rounding() -> None:
    document = priced(line("5000"), prices_include_tax=True)

    assert (document.net, document.other_tax_base, document.tax) == (D(4504), D(4129), D(495))
    assert (document.rounding, document.total) == (D(1), D(5000))


@pytest.mark.parametrize("gross", [5000, 15000, 25000, 11100, 1, 99, 100, 2500, 1_000_000_007])
def test_the_customer_pays_the_shown_price_whatever_base_there_is(gross: int) -> None:
    document = priced(line(str(gross)), prices_include_tax=True)

    assert document.total == gross
    assert document.net + document.tax + document.rounding == gross
    assert abs(document.rounding) <= 1


def test_about_a_tenth_of_all_gross_prices_have_no_base_and_none_is_off_by_more_than_a_rupiah() -> None:
    lines = tuple(line(str(gross), key=str(gross)) for gross in range(1, 1112))

    document = priced(*lines, prices_include_tax=True)

    assert {each.rounding for each in document.lines} == {D(0), D(1)}
    assert sum(1 for each in document.lines if each.rounding) == 110


def test_luxury_goods_carry_twelve_percent_of_the_full_base() -> None:
    document = priced(line("1000000", tax=LUXURY))

    assert (document.other_tax_base, document.tax) == (D(1000000), D(120000))
    assert (document.luxury_tax, document.total) == (D(0), D(1120000))


def test_luxury_tax_is_on_the_whole_base_and_stands_beside_the_tax() -> None:
    document = priced(line("1000001", tax=YACHT))

    only = document.lines[0]
    assert (only.net, only.other_tax_base, only.tax) == (D(1000001), D(1000001), D(120000))
    assert (only.luxury_rate, only.luxury_tax) == (D(75), D(750001))  # 750,000.75, half up
    assert (document.luxury_tax, document.rounding, document.total) == (D(750001), D(0), D(1870002))
    assert only.steps[-1].facts["luxury_tax"] == D(750001)


def test_luxury_tax_is_not_on_the_other_tax_base() -> None:
    document = priced(line("100277", tax=CAR))

    assert (document.other_tax_base, document.tax, document.luxury_tax) == (D(91921), D(11031), D(9526))


@pytest.mark.parametrize(
    ("gross", "net", "tax", "luxury", "rounding"),
    [
        ("1870000", "1000000", "120000", "750000", "0"),
        ("1000", "535", "64", "401", "0"),
        ("999", "534", "64", "401", "0"),
        ("3", "1", "0", "1", "1"),  # 2 + 0 + 2 is as near: the lower base
    ],
)
def test_a_price_that_holds_both_taxes_takes_the_nearest_base(
    gross: str, net: str, tax: str, luxury: str, rounding: str
) -> None:
    document = priced(line(gross, tax=YACHT), prices_include_tax=True)

    assert (document.net, document.tax, document.luxury_tax) == (D(net), D(tax), D(luxury))
    assert (document.rounding, document.total) == (D(rounding), D(gross))


def test_luxury_tax_that_is_rounded_once_is_shared_over_the_lines_to_the_last_rupiah() -> None:
    lines = tuple(line("33", key=str(n), tax=YACHT) for n in range(3))

    once = priced(*lines, policies=BY_GROUP)

    assert (once.net, once.luxury_tax, once.tax) == (D(99), D(74), D(12))
    assert sorted(each.luxury_tax for each in once.lines) == [D(24), D(25), D(25)]
    assert priced(*lines).luxury_tax == D(75)


def test_the_rate_is_that_of_the_documents_day() -> None:
    before = priced(line("100277"), on_date=date(2024, 12, 31))

    assert (before.lines[0].tax_rate, before.tax, before.lines[0].transaction_code) == (D(11), D(11030), "01")


def test_a_day_without_a_rate_is_refused_by_name() -> None:
    with pytest.raises(PriceRefused) as refusal:
        priced(line("100", key="a"), on_date=date(2020, 1, 1))

    assert refusal.value.faults == (Fault("a", "tax", "no_tax_rate"),)


def test_tax_is_added_up_by_group_in_order_of_appearance() -> None:
    document = priced(
        line("100277"), line("100277", key="2"), line("50000", key="3", tax=LUXURY), line("7000", key="4", tax=EXEMPT)
    )

    assert [(group.code, group.net, group.tax) for group in document.tax_groups] == [
        ("PPN", D(200554), D(22062)),
        ("PPN-MEWAH", D(50000), D(6000)),
        ("BEBAS", D(7000), D(0)),
    ]
    assert document.total == D(200554 + 22062 + 50000 + 6000 + 7000)


def test_a_box_with_a_list_price_of_its_own_is_not_twelve_pieces() -> None:
    document = priced(line(unit="box", unit_factor=D(12), base_price=D(1000), own_unit_price=D(11000)))

    assert document.lines[0].unit_price == D(11000)
    assert document.lines[0].steps[0].code == "unit_list_price"


def test_a_product_without_a_price_is_priced_at_nothing_and_reported() -> None:
    document = priced(line(key="a"), line("100", key="b"))

    assert document.problems == (Problem("a", "no_price"),)
    assert document.lines[0].list_price is None


def test_a_manual_price_keeps_the_list_price_in_sight() -> None:
    document = priced(line("70000", base_price=D(98000)))

    only = document.lines[0]
    assert (only.list_price, only.unit_price) == (D(98000), D(70000))
    assert only.steps[1].facts["instead_of"] == D(98000)


def test_line_discounts_are_the_percentage_then_the_amount() -> None:
    document = priced(line("100000", quantity="3", discount_percent=D("2.5"), discount_amount=D(1000)))

    only = document.lines[0]
    assert (only.gross, only.discount_amount, only.amount) == (D(300000), D(8500), D(291500))


def test_the_document_discount_is_shared_to_the_last_rupiah_and_spares_freight() -> None:
    document = priced(
        line("100", key="a"),
        line("100", key="b"),
        line("100", key="c"),
        line("500", key="freight", kind=LineKind.CHARGE),
        discount_amount=D(100),
    )

    assert [each.document_discount for each in document.lines] == [D(34), D(33), D(33), D(0)]
    assert (document.subtotal, document.discount, document.net) == (D(800), D(100), D(700))


def test_optional_lines_count_only_when_chosen() -> None:
    document = priced(
        line("1000", key="a"),
        line("2000", key="b", optional=True),
        line("3000", key="c", optional=True, chosen=True),
        discount_percent=D(10),
    )

    assert document.subtotal == D(4000)
    assert document.net == D(3600)
    assert [each.counted for each in document.lines] == [True, False, True]
    assert document.lines[1].total == D(2220)


def test_the_total_may_be_rounded_by_the_companys_policy_of_the_day() -> None:
    policies = (
        TaxPolicy(valid_until=date(2026, 10, 31)),
        TaxPolicy(total_step=D(100), valid_from=date(2026, 11, 1)),
    )

    document = priced(line("100277"), policies=policies)

    assert (document.rounding, document.total) == (D(-8), D(111300))
    assert priced(line("100277"), policies=policies, on_date=date(2026, 10, 31)).total == D(111308)


def test_tax_of_other_countries_is_rounded_once_per_group() -> None:
    lines = tuple(line("0.33", key=str(n), tax=VAT_DE) for n in range(10))

    by_line = priced(*lines, currency="EUR")
    by_group = priced(*lines, currency="EUR", policies=BY_GROUP)

    assert (by_line.tax, by_line.total) == (D("0.60"), D("3.90"))
    assert (by_group.tax, by_group.total) == (D("0.63"), D("3.93"))
    assert sum(each.tax for each in by_group.lines) == D("0.63")


def test_dollars_keep_their_cents() -> None:
    sales_tax = TaxCategory("CA", (TaxRate(D("7.25")),))

    document = priced(line("19.99", quantity="3", tax=sales_tax), currency="USD")

    assert (document.net, document.tax, document.total) == (D("59.97"), D("4.35"), D("64.32"))


def test_margin_is_what_the_tax_base_leaves_over_the_cost() -> None:
    document = priced(line("100000", quantity="2", unit="box", unit_factor=D(12), unit_cost=D(6000)))

    only = document.lines[0]
    assert (only.cost, only.margin, only.margin_percent) == (D(144000), D(56000), D("28.00"))
    assert (document.cost, document.margin) == (D(144000), D(56000))


def test_one_unknown_cost_of_goods_leaves_the_documents_margin_unknown() -> None:
    document = priced(line("100", unit_cost=D(1)), line("100", key="2"))

    assert document.margin is None


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(PriceRefused) as refusal:
        priced(
            line("-1", key="a"),
            line("1", quantity="-3", key="b"),
            line("1", key="c", discount_percent=D(101)),
            line("1", key="d", quantity="NaN"),
            line("1", key="e", unit_factor=D(0)),
            line("1", key="f", quantity="Infinity"),
            discount_percent=D(-1),
        )

    assert refusal.value.faults == (
        Fault("a", "manual_price", "negative_or_absurd"),
        Fault("b", "quantity", "negative_or_absurd"),
        Fault("c", "discount_percent", "not_a_percentage"),
        Fault("d", "quantity", "negative_or_absurd"),
        Fault("e", "unit_factor", "negative_or_absurd"),
        Fault("f", "quantity", "negative_or_absurd"),
        Fault(None, "discount_percent", "not_a_percentage"),
    )


@pytest.mark.parametrize(
    ("lines", "facts", "fault"),
    [
        ((line("100", discount_amount=D(101)),), {}, Fault("1", "discount_amount", "discount_above_amount")),
        ((line("100"),), {"discount_amount": D(101)}, Fault(None, "discount_amount", "discount_above_amount")),
        ((line("999999999999", quantity="999999999999"),), {}, Fault("1", "quantity", "amount_too_large")),
    ],
)
def test_discounts_above_the_amount_and_absurd_amounts_are_refused(
    lines: tuple[LineRequest, ...], facts: dict[str, object], fault: Fault
) -> None:
    with pytest.raises(PriceRefused) as refusal:
        priced(*lines, **facts)

    assert fault in refusal.value.faults


def test_a_hundred_percent_off_is_free_and_taxes_nothing() -> None:
    document = priced(line("5000"), line("7000", key="2"), discount_percent=D(100))

    assert (document.discount, document.tax, document.total) == (D(12000), D(0), D(0))


def test_steps_are_stored_as_json_without_losing_a_digit() -> None:
    document = priced(line(quantity="1.5", base_price=D("33333.333333"), discount_percent=D("12.5")))

    stored = json.loads(json.dumps(document.lines[0].explanation()))

    assert [step["code"] for step in stored] == ["list_price", "gross", "line_discount_percent", "tax"]
    assert stored[0]["base_price"] == "33333.333333"
    assert stored[2] == {"code": "line_discount_percent", "value": "43750", "percent": "12.5", "amount": "6250"}


def test_an_empty_document_is_worth_nothing() -> None:
    document = priced()

    assert (document.subtotal, document.total, document.tax_groups) == (D(0), D(0), ())


def amounts(most: int, places: int) -> st.SearchStrategy[Decimal]:
    return st.integers(0, most * 10**places).map(lambda units: D(units).scaleb(-places))


taxes = st.sampled_from([PPN, LUXURY, YACHT, CAR, EXEMPT, VAT_DE, None])
any_line = st.builds(
    LineRequest,
    key=st.uuids().map(str),
    quantity=amounts(5000, 3),
    unit_factor=st.sampled_from([D(1), D(12), D("0.5"), D("1.333333")]),
    kind=st.sampled_from(list(LineKind)),
    base_price=st.none() | amounts(2_000_000, 2),
    tax=taxes,
    manual_price=st.none() | amounts(2_000_000, 6),
    discount_percent=st.none() | amounts(100, 2),
    unit_cost=st.none() | amounts(1_000_000, 6),
    optional=st.booleans(),
    chosen=st.booleans(),
)
any_request = st.builds(
    PriceRequest,
    currency=st.sampled_from(["IDR", "USD", "KWD"]),
    on_date=st.just(DAY),
    lines=st.lists(any_line, max_size=8, unique_by=lambda each: each.key).map(tuple),
    prices_include_tax=st.booleans(),
    policies=st.sampled_from(
        [(), BY_GROUP, (TaxPolicy(total_step=D(100)),), (TaxPolicy(TaxRounding.DOCUMENT, D("0.05")),)]
    ),
    discount_percent=st.none() | amounts(100, 2),
)


@settings(max_examples=COUNT, deadline=None)
@given(any_request)
def test_lines_and_tax_and_rounding_are_the_total_always(request: PriceRequest) -> None:
    document = price_lines(request)

    counted = [each for each in document.lines if each.counted]
    unit = D(1).scaleb(-exponent(request.currency))
    assert document.net + document.tax + document.luxury_tax + document.rounding == document.total
    assert document.luxury_tax == sum(each.luxury_tax for each in counted)
    assert document.net == sum(each.net for each in counted)
    assert document.tax == sum(each.tax for each in counted)
    assert document.subtotal == sum(each.amount for each in counted)
    assert document.discount == sum(each.document_discount for each in counted)
    assert sum((group.tax for group in document.tax_groups), D(0)) == document.tax
    assert sum((group.luxury_tax for group in document.tax_groups), D(0)) == document.luxury_tax
    for each in document.lines:
        assert each.total == each.net + each.tax + each.luxury_tax + each.rounding
        assert each.taxable == (each.total if request.prices_include_tax else each.net)
        assert each.gross - each.discount_amount == each.amount >= each.document_discount >= 0
        taxes = (each.other_tax_base, each.tax, each.luxury_tax)
        for amount in (each.gross, each.amount, each.net, *taxes, each.document_discount):
            assert amount >= 0
            assert amount % unit == 0
    if not any(policy.total_step for policy in request.policies):
        assert document.total == (document.subtotal - document.discount) + (
            0 if request.prices_include_tax else document.tax + document.luxury_tax
        )


@settings(max_examples=COUNT, deadline=None)
@given(st.integers(0, 10**11), st.sampled_from([PPN, LUXURY, YACHT, CAR, EXEMPT, VAT_DE]))
def test_no_base_comes_nearer_to_a_price_with_tax(gross: int, tax: TaxCategory) -> None:
    only = priced(line(None, manual_price=D(gross), tax=tax), prices_include_tax=True).lines[0]

    for base in (only.net - 1, only.net + 1):
        if base >= 0:
            neighbour = priced(line(None, manual_price=base, tax=tax)).lines[0]
            distance = abs(neighbour.total - gross)
            assert distance > abs(only.rounding) or (distance == abs(only.rounding) and base > only.net)


@settings(max_examples=COUNT // 10, deadline=None)
@given(any_request)
def test_the_same_request_always_gives_the_same_answer(request: PriceRequest) -> None:
    assert price_lines(request) == price_lines(request)
