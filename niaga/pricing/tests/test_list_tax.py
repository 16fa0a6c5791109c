"""Price lists that hold the tax and lists that do not, on documents of both sorts."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from niaga.pricing.rules import (
    Basis,
    LineRequest,
    ListEntry,
    PricedDocument,
    PriceList,
    PriceRule,
    RuleBook,
    TaxCategory,
    TaxRate,
)
from niaga.pricing.rules.replay import TraceBroken, replay
from niaga.pricing.tests.lines import GENERAL, PPN, YACHT, D, line, priced

RETAIL, WHOLESALE = UUID(int=1), UUID(int=2)


def by_book(goods: LineRequest, *lists: PriceList, includes: bool, **facts: Any) -> PricedDocument:
    document = priced(goods, book=RuleBook(lists), prices_include_tax=includes, **facts)
    for one in document.lines:
        told = replay(json.loads(json.dumps(one.explanation())), "IDR")
        assert (told.list_price, told.unit_price, told.total) == (one.list_price, one.unit_price, one.total)
    return document


def goods(*prices: tuple[UUID, str], **facts: Any) -> LineRequest:
    entries = tuple(ListEntry(key, D(price)) for key, price in prices)
    return line(**{"base_price": D(120000), "entries": entries, "tax": PPN, **facts})


def shop(key: UUID, includes: bool | None, *rules: PriceRule, **facts: Any) -> PriceList:
    return PriceList(key, f"Daftar {key.int}", prices_include_tax=includes, rules=rules, **facts)


def codes(document: PricedDocument) -> list[str]:
    return [step.code for step in document.lines[0].steps]


def test_a_list_with_tax_on_a_document_without_is_turned_in_a_step_of_its_own() -> None:
    document = by_book(goods((RETAIL, "111000")), shop(RETAIL, True), includes=False)

    only = document.lines[0]
    assert (only.list_price, only.unit_price, document.net, document.tax, document.total) == (
        D(100000), D(100000), D(100000), D(11000), D(111000),
    )  # fmt: skip
    assert codes(document) == ["list_price", "list_entry", "tax_taken_out", "gross", "tax"]


def test_a_list_without_tax_on_a_document_with_tax_is_turned_too() -> None:
    document = by_book(goods((RETAIL, "100000")), shop(RETAIL, False), includes=True)

    assert (document.lines[0].unit_price, document.net, document.tax, document.total) == (
        D(111000), D(100000), D(11000), D(111000),
    )  # fmt: skip
    assert codes(document)[1:3] == ["list_entry", "tax_put_on"]


@pytest.mark.parametrize("includes", [True, False])
def test_a_list_of_the_documents_own_sort_is_left_as_it_is(includes: bool) -> None:
    for sort in (None, includes):
        document = by_book(goods((RETAIL, "5000")), shop(RETAIL, sort), includes=includes)

        assert codes(document)[:3] == ["list_price", "list_entry", "gross"]
        assert document.lines[0].unit_price == D(5000)


def test_five_thousand_with_tax_stays_five_thousand_in_a_list_with_tax() -> None:
    document = by_book(goods((RETAIL, "5000")), shop(RETAIL, True), includes=True)

    assert (document.net, document.tax, document.rounding, document.total) == (D(4504), D(495), D(1), D(5000))


def test_a_turned_price_keeps_six_decimals() -> None:
    document = by_book(goods((RETAIL, "5000"), quantity="1000"), shop(RETAIL, True), includes=False)

    assert document.lines[0].unit_price == D("4504.504505")
    assert (document.net, document.tax, document.total) == (D(4504505), D(495496), D(5000001))


def test_luxury_tax_is_turned_with_the_tax() -> None:
    taxed = goods((RETAIL, "1870000"), tax=YACHT)

    without = by_book(taxed, shop(RETAIL, True), includes=False)
    held = by_book(goods((RETAIL, "1000000"), tax=YACHT), shop(RETAIL, False), includes=True)

    assert (without.lines[0].unit_price, without.total) == (D(1000000), D(1870000))
    assert (held.lines[0].unit_price, held.net, held.luxury_tax) == (D(1870000), D(1000000), D(750000))


def test_of_two_lists_alike_the_lower_price_wins_by_what_the_document_shows() -> None:
    lists = (shop(RETAIL, True), shop(WHOLESALE, False))

    document = by_book(goods((RETAIL, "110000"), (WHOLESALE, "100000")), *lists, includes=False)

    assert document.lines[0].unit_price == D("99099.099099")


def test_a_formula_rounds_in_the_sort_of_its_own_list() -> None:
    rule = PriceRule(Basis.PRICE, percent=D(-10), round_to=D(500), round_minus=D(1))

    document = by_book(goods(), shop(RETAIL, True, rule), includes=False)

    # 120,000 and its tax are 133,200; less 10 % 119,880; to 500 minus 1 119,999; without tax 108,107.207207
    assert document.lines[0].unit_price == D("108107.207207")
    assert codes(document)[:4] == ["list_price", "tax_put_on", "list_formula", "tax_taken_out"]


def test_a_list_stands_on_one_of_the_other_sort() -> None:
    rule = PriceRule(Basis.LIST, base_list_id=RETAIL, percent=D(-10), surcharge=D(1000))

    document = by_book(
        goods((RETAIL, "111000")), shop(RETAIL, True, priority=-1), shop(WHOLESALE, False, rule), includes=True
    )

    # 111,000 with tax are 100,000; less 10 % and 1,000 on it 91,000; with tax 101,010
    assert (document.lines[0].unit_price, document.net) == (D(101010), D(91000))
    assert [code for code in codes(document) if code != "list_entry_lost"][:5] == [
        "list_price", "list_entry", "tax_taken_out", "list_formula", "tax_put_on",
    ]  # fmt: skip


@pytest.mark.parametrize("includes", [True, False])
@pytest.mark.parametrize("sort", [True, False, None])
def test_a_floor_keeps_its_margin_over_a_cost_without_tax_in_every_sort(includes: bool, sort: bool | None) -> None:
    rule = PriceRule(Basis.COST, percent=D(1), least_margin=D(20))

    document = by_book(goods(unit_cost=D(80000)), shop(RETAIL, sort, rule), includes=includes)

    assert (document.net, document.lines[0].margin) == (D(100000), D(20000))


def test_a_buyer_who_pays_no_tax_is_shown_every_list_without_it() -> None:
    free = TaxCategory("PPN", (TaxRate(D(0), transaction_code="07"),), "buyer", GENERAL)
    for includes in (True, False):
        for price, sort in (("111000", True), ("100000", False)):
            document = by_book(goods((RETAIL, price), tax=free), shop(RETAIL, sort), includes=includes)

            assert (document.lines[0].unit_price, document.tax, document.total) == (D(100000), D(0), D(100000))
    floored = PriceRule(Basis.COST, least_margin=D(20))
    kept = by_book(goods(unit_cost=D(80000), tax=free), shop(RETAIL, None, floored), includes=True)
    assert kept.lines[0].margin == D(20000)


def test_what_is_not_taxed_is_the_same_with_and_without_tax() -> None:
    document = by_book(goods((RETAIL, "111000"), tax=None), shop(RETAIL, True), includes=False)

    assert document.lines[0].unit_price == D(111000)
    assert "tax_taken_out" not in codes(document)


def test_a_price_by_hand_stands_and_the_list_price_beside_it_is_of_the_documents_sort() -> None:
    document = by_book(goods((RETAIL, "111000"), manual_price=D(90000)), shop(RETAIL, True), includes=False)

    assert (document.lines[0].list_price, document.lines[0].unit_price) == (D(100000), D(90000))


def test_a_turning_that_was_tampered_with_is_found() -> None:
    rule = PriceRule(Basis.PRICE, percent=D(-10))
    steps = by_book(goods(), shop(RETAIL, True, rule), includes=False).lines[0].explanation()
    for place, name, value in ((1, "rate", "11"), (1, "value", "133201"), (2, "from", "133201"), (3, "numerator", 1)):
        touched = [dict(step) for step in steps]
        touched[place][name] = value

        with pytest.raises(TraceBroken):
            replay(touched, "IDR")


def test_a_break_of_a_list_with_tax_counts_like_any_other() -> None:
    entries = (ListEntry(RETAIL, D(111000)), ListEntry(RETAIL, Decimal(99900), D(10)))

    few = by_book(goods(entries=entries, quantity="9"), shop(RETAIL, True), includes=False)
    many = by_book(goods(entries=entries, quantity="10"), shop(RETAIL, True), includes=False)

    assert (few.lines[0].unit_price, many.lines[0].unit_price) == (D(100000), D(90000))
