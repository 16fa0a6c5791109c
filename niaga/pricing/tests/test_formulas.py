"""Price lists by formula: on the product's price, on cost, on another list; by scope; never below a floor."""

from dataclasses import replace
from uuid import UUID

import pytest

from niaga.pricing.rules import Basis, Buyer, LineRequest, PriceList, PriceRule, RuleBook
from niaga.pricing.rules.book import depth_of, ring_of
from niaga.pricing.rules.formula import floor_of, stepped
from niaga.pricing.tests.lines import PRODUCT, D, by_lists, line, listed

FOOD, COFFEE, BEANS = UUID(int=201), UUID(int=202), UUID(int=203)
GOODS = line(
    base_price=D(98000), unit_cost=D(70000), product_id=PRODUCT, category_ids=(BEANS, COFFEE, FOOD), brand="Kapal"
)


def rule(basis: Basis = Basis.PRICE, **facts: object) -> PriceRule:
    figures = {"percent", "surcharge", "round_to", "round_minus", "least_margin", "min_quantity"}
    return PriceRule(basis, **{name: D(value) if name in figures else value for name, value in facts.items()})  # type: ignore[arg-type]


def of(*rules: PriceRule, number: int = 1, name: str = "Grosir", **facts: object) -> PriceList:
    return PriceList(UUID(int=number), name, rules=rules, **facts)  # type: ignore[arg-type]


def price(goods: LineRequest, *lists: PriceList, **facts: object) -> object:
    return by_lists(goods, [(one, ()) for one in lists], **facts).lines[0].list_price


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"percent": "-10"}, "88200"),
        ({"percent": "-10", "surcharge": "1500"}, "89700"),
        ({"surcharge": "-2500"}, "95500"),
        ({"percent": "-10", "round_to": "500"}, "88000"),
        ({"percent": "-10", "round_to": "500", "round_minus": "1"}, "87999"),
        ({"percent": "-33.333333"}, "65333.33366"),
        ({"percent": "-100"}, "0"),
        ({"percent": "-50", "least_margin": "20"}, "87500"),
        ({"percent": "-50", "least_margin": "20", "round_to": "1000", "round_minus": "1"}, "87999"),
        ({"percent": "-5", "least_margin": "20"}, "93100"),
    ],
)
def test_a_formula_on_the_products_own_price(facts: dict[str, str], expected: str) -> None:
    assert price(GOODS, of(rule(**facts))) == D(expected)


def test_a_formula_on_cost_and_one_that_does_not_know_it() -> None:
    markup = of(rule(Basis.COST, percent="25"))

    assert price(GOODS, markup) == D(87500)
    unknown = by_lists(replace(GOODS, unit_cost=None), [(markup, ())]).lines[0]
    assert (unknown.list_price, unknown.steps[1].facts["reason"]) == (D(98000), "no_base")


def test_in_prices_that_include_tax_cost_and_floor_are_taken_with_their_tax() -> None:
    assert price(GOODS, of(rule(Basis.COST, percent="25")), prices_include_tax=True) == D(97125)
    document = by_lists(GOODS, [(of(rule(percent="-50", least_margin="20")), ())], prices_include_tax=True)
    only = document.lines[0]
    assert only.unit_price == D(97125)
    assert only.margin_percent == D("20.00")


def test_a_box_is_rounded_as_a_box_and_its_surcharge_is_twelve_times_that_of_a_piece() -> None:
    box = replace(GOODS, unit="box", unit_factor=D(12))

    assert price(box, of(rule(percent="-10", surcharge="100", round_to="500", round_minus="1"))) == D(1059499)
    assert price(box, of(rule(percent="-10", surcharge="100", unit="box"))) == D(1058500)
    assert price(GOODS, of(rule(percent="-10", unit="box"))) == D(98000)


def test_the_narrower_scope_goes_first_and_quantity_only_decides_inside_it() -> None:
    widest_first = [
        rule(percent="-1", min_quantity="5"),
        rule(percent="-2", brand="Kapal"),
        rule(percent="-3", category_id=FOOD),
        rule(percent="-4", category_id=COFFEE),
        rule(percent="-5", category_id=FOOD, brand="Kapal"),
        rule(percent="-6", category_id=BEANS, brand="Kapal"),
        rule(percent="-7", product_id=PRODUCT),
        rule(percent="-8", product_id=PRODUCT, min_quantity="10"),
    ]
    ten = replace(GOODS, quantity=D(10))

    found = [price(ten, of(*widest_first[: count + 1])) for count in range(len(widest_first))]

    assert found == [D(98000) * (100 - cut) / 100 for cut in range(1, 9)]
    assert price(GOODS, of(*widest_first)) == D("91140")
    other = replace(GOODS, product_id=UUID(int=102), category_ids=(), brand="Lain")
    assert price(other, of(*widest_first)) == D(98000)


def test_a_price_of_the_product_goes_before_the_lists_formulas() -> None:
    head, entries = listed(1, "Grosir", "91000", rules=(rule(percent="-50", product_id=PRODUCT), rule(percent="-60")))

    assert by_lists(GOODS, [(head, entries)]).lines[0].list_price == D(91000)


def test_a_list_stands_on_another_which_counts_as_a_table_whomever_and_whenever_it_is_for() -> None:
    retail, prices = listed(1, "Eceran", "90000", customer_id=UUID(int=77))
    dealer = of(rule(Basis.LIST, base_list_id=retail.id, percent="-10"), number=2, name="Agen")
    key = of(rule(Basis.LIST, base_list_id=dealer.id, surcharge="-1000"), number=3, name="Agen utama", priority=1)
    lists = [(retail, prices), (dealer, ()), (key, ())]

    only = by_lists(GOODS, lists).lines[0]

    assert only.list_price == D(80000)
    assert [(step.code, step.facts.get("name"), step.value) for step in only.steps][1:-2] == [
        ("list_entry_lost", "Agen", D(98000)),
        ("list_entry", "Eceran", D(90000)),
        ("list_formula", "Agen", D(81000)),
        ("list_formula", "Agen utama", D(80000)),
    ]
    assert price(GOODS, retail, dealer) == D(88200)  # the retail list is silent: the product's own price


def test_a_ring_is_found_and_the_engine_survives_one() -> None:
    one = of(rule(Basis.LIST, base_list_id=UUID(int=2), percent="-10"), number=1)
    two = of(rule(Basis.LIST, base_list_id=UUID(int=1), percent="-10"), number=2)

    assert ring_of({one.id: [two.id], two.id: [one.id]}, one.id)
    assert not ring_of({one.id: [two.id], two.id: []}, one.id)
    assert depth_of({one.id: [two.id], two.id: [UUID(int=3)]}) == 2
    assert price(GOODS, one, two) == D(98000)


def test_a_formula_that_ends_below_zero_loses_and_the_sale_goes_on() -> None:
    absurd = of(rule(surcharge="-200000"), number=1, name="Salah", priority=9)

    only = by_lists(GOODS, [(absurd, ()), (of(rule(percent="-10"), number=2), ())]).lines[0]

    assert (only.list_price, only.steps[1].facts["reason"]) == (D(88200), "below_zero")


def test_a_floor_is_never_undercut_by_rounding() -> None:
    for cents in range(1, 400):
        cost = D(cents) * D("37.3331")
        floor = floor_of(cost, D("17.5"))
        assert (floor - cost) * 100 / floor >= D("17.5")
        shown = stepped(floor, D(500), D(1), up=True)
        assert (shown + 1) % 500 == 0
        assert floor <= shown < floor + 500


def test_a_book_names_all_lists_whose_prices_a_buyer_needs() -> None:
    mine = of(rule(Basis.LIST, base_list_id=UUID(int=2)), number=1, customer_id=UUID(int=9))
    book = RuleBook([mine, of(number=2, customer_id=UUID(int=8)), of(number=3, customer_id=UUID(int=8))])

    assert [part.needed for part in book.seen_by(Buyer(customer_id=UUID(int=9))).parts] == [{mine.id, UUID(int=2)}]
    assert book.seen_by(Buyer(customer_id=UUID(int=5))).parts == ()
