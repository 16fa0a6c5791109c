"""What a prepared change would do, before it is published."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.catalog.tests.makers import make_company, make_product, make_user
from niaga.core.ids import new_id
from niaga.organization.models import Branch
from niaga.organization.services.keep_territory import keep_territory
from niaga.organization.tests.makers import AT
from niaga.parties.models import CustomerGroup
from niaga.parties.services.create_customer import create_customer
from niaga.parties.services.set_up_parties import set_up_parties
from niaga.pricing.models import PriceChange, PriceList
from niaga.pricing.queries import what_if_products
from niaga.pricing.queries.what_if_customers import count_customers
from niaga.pricing.queries.what_if_documents import count_documents
from niaga.pricing.services.change_entries import change_entries
from niaga.pricing.services.change_heads import change_heads
from niaga.pricing.services.change_rules import change_rules
from niaga.pricing.services.count_change import count_change
from niaga.pricing.services.prepare_change import prepare_change
from niaga.pricing.services.prepare_list import prepare_list
from niaga.pricing.services.publish_change import publish_change
from niaga.pricing.services.roll_back import roll_back
from niaga.pricing.services.set_prices import NewPrice
from niaga.pricing.services.set_rules import NewRule, set_rules
from niaga.pricing.tests.changes import HOW, asked, figures
from niaga.pricing.tests.makers import make_price_list
from niaga.ui.registry import Asked, Open, OpenDocument, OpenLine, open_documents

pytestmark = pytest.mark.django_db
D = Decimal


def make_change(price_list: PriceList, prices: dict[tuple[Any, int], int | None] | None = None) -> PriceChange:
    change = prepare_change(price_list_id=price_list.pk, name="Harga Desember", **HOW)
    if prices:
        rows = [
            NewPrice(None if price is None else D(price), product.pk, min_quantity=D(least))
            for (product, least), price in prices.items()
        ]
        change_entries(change_id=change.pk, prices=rows, **HOW)
    return change


def test_products_named_are_counted_exactly_the_biggest_change_first() -> None:
    company = make_company()
    coffee = make_product(company.pk, name="Kopi", price=D(98000), cost=D(70000))
    sugar = make_product(company.pk, name="Gula", price=D(740000), cost=D(700000))
    tea = make_product(company.pk, name="Teh", price=D(40000))
    prices = make_price_list(company, {(coffee, 0): 95000, (sugar, 0): 730000, (tea, 0): 39000})

    found = figures(make_change(prices, {(coffee, 0): 104500, (sugar, 0): 693500, (tea, 0): None}))

    assert (found.of, found.counted, found.changed, found.up, found.down) == (3, 3, 3, 2, 1)
    assert (found.below_cost, found.below_floor) == (1, 0)
    rows = [(row["name"], row["before"], row["after"], row["percent"]) for row in found.rows]
    assert rows == [
        ("Kopi", "95000.000000", "104500.000000", "10.00"),
        ("Gula", "730000.000000", "693500.000000", "-5.00"),
        ("Teh", "39000.000000", "40000.000000", "2.56"),
    ]
    assert (found.rows[0]["margin_before"], found.rows[0]["margin_after"]) == ("26.32", "33.01")
    assert found.rows[1]["below_cost"] is True


def test_a_price_that_another_list_hides_changes_nothing() -> None:
    company = make_company()
    coffee = make_product(company.pk)
    make_price_list(company, {(coffee, 0): 90000}, priority=5)
    prices = make_price_list(company, {(coffee, 0): 95000})

    assert figures(make_change(prices, {(coffee, 0): 99000})).changed == 0


def test_a_break_is_looked_at_where_it_begins() -> None:
    company = make_company()
    coffee = make_product(company.pk, price=D(98000))
    prices = make_price_list(company, {(coffee, 0): 95000, (coffee, 100): 92000})

    (row,) = figures(make_change(prices, {(coffee, 100): 91000, (coffee, 500): 90000})).rows

    assert (D(row["quantity"]), row["before"], row["after"]) == (D(500), "92000.000000", "90000.000000")


def test_a_formula_is_tried_on_the_whole_assortment_and_a_floor_is_told() -> None:
    company = make_company()
    coffee = make_product(company.pk, name="Kopi", price=D(100000), cost=D(80000))
    sugar = make_product(company.pk, name="Gula", price=D(50000), cost=D(47000))
    prices = make_price_list(company, {(sugar, 0): 48000})
    change = make_change(prices)
    change_rules(change_id=change.pk, rules=[NewRule("price", percent=D(-10), least_margin=D(5))], **HOW)

    found = figures(change)

    assert (found.of, found.changed, found.below_floor, found.below_cost) == (2, 1, 0, 0)
    assert [(row["name"], D(row["after"])) for row in found.rows] == [("Kopi", D(90000))]
    change_entries(change_id=change.pk, prices=[NewPrice(D(49000), sugar.pk), NewPrice(D(83000), coffee.pk)], **HOW)
    assert (figures(change).below_floor, figures(change).below_cost) == (2, 0)


def test_heads_alone_change_prices_too_from_the_day_the_list_holds() -> None:
    company = make_company()
    coffee = make_product(company.pk, price=D(98000))
    prices = make_price_list(company, {(coffee, 0): 95000}, valid_to=date(2020, 1, 1))
    change = make_change(prices)
    change_heads(change_id=change.pk, valid_from=date(2027, 1, 1), valid_to=date(2027, 1, 31), **HOW)

    (row,) = figures(change).rows

    assert (D(row["before"]), D(row["after"])) == (D(98000), D(95000))


def test_a_new_list_is_asked_before_it_holds_for_anybody() -> None:
    company = make_company()
    coffee = make_product(company.pk, price=D(98000))
    change = prepare_list(company_id=company.pk, code="LEBARAN", name="Lebaran", **HOW)
    change_entries(change_id=change.pk, prices=[NewPrice(D(90000), coffee.pk)], **HOW)

    found = figures(change)

    assert (found.changed, found.down, D(found.rows[0]["after"])) == (1, 1, D(90000))


def test_more_products_than_a_page_waits_for_are_counted_by_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    company = make_company()
    for _place in range(5):
        make_product(company.pk, price=D(98000))
    change = make_change(make_price_list(company))
    change_rules(change_id=change.pk, rules=[NewRule("price", percent=D(-10))], **HOW)
    monkeypatch.setattr("niaga.pricing.queries.price_changes.AT_ONCE", 3)
    monkeypatch.setattr(what_if_products, "PIECE", 2)

    nothing = asked(change)
    kept = count_change(change_id=change.pk, at=AT)
    found = asked(change)
    change_heads(change_id=change.pk, priority=1, **HOW)

    assert (nothing.figures, kept, found.fresh) == (None, True, True)
    assert found.figures is not None
    assert (found.figures.counted, found.figures.down) == (5, 5)
    assert asked(change).fresh is False


def test_customers_for_whom_the_winner_changes_are_counted_by_what_lists_tell_apart() -> None:
    company = make_company()
    set_up_parties(company_id=company.pk)
    group = CustomerGroup.objects.get(code="WHOLESALE", company_id=company.pk)
    east = keep_territory(company_id=company.pk, name="Jatim", **HOW)
    city = keep_territory(company_id=company.pk, name="Surabaya", parent_id=east, **HOW)
    coffee = make_product(company.pk, price=D(98000))
    _far, _near, own = (
        create_customer(company_id=company.pk, name=name, group_id=group.pk, **HOW, **more)
        for name, more in (
            ("Toko Jauh", {}), ("Toko Kota", {"territory_id": city}), ("Toko Sendiri", {"territory_id": city}),
        )
    )  # fmt: skip
    create_customer(company_id=company.pk, name="Eceran", **HOW)
    make_price_list(company, {(coffee, 0): 80000}, customer_id=own.pk)
    prices = make_price_list(company, {(coffee, 0): 95000}, group_id=group.pk, territory_id=east)
    change = make_change(prices, {(coffee, 0): 93100})

    found = asked(change)
    assert found.figures is not None
    told = count_customers(found.whole, [coffee.pk], of=1, by=make_user(company))

    assert (told.customers, told.whole) == (1, True)
    assert [(row.name, row.customers, row.changed, row.largest) for row in told.rows] == [
        ("Toko Kota", 1, 1, D("-2.00"))
    ]


def test_buyers_of_a_list_that_stands_on_this_one_are_customers_of_the_change() -> None:
    company = make_company()
    set_up_parties(company_id=company.pk)
    group = CustomerGroup.objects.get(code="WHOLESALE", company_id=company.pk)
    coffee = make_product(company.pk, price=D(98000))
    create_customer(company_id=company.pk, name="Toko Kota", group_id=group.pk, **HOW)
    base = make_price_list(company, {(coffee, 0): 95000}, name="Dasar", valid_to=date(2020, 1, 1))
    upon = make_price_list(company, name="Turunan", group_id=group.pk)
    set_rules(price_list_id=upon.pk, rules=[NewRule("list", base.pk, percent=D(-10))], **HOW)
    change = make_change(base, {(coffee, 0): 100000})

    found = asked(change)
    told = count_customers(found.whole, [coffee.pk], of=1, by=make_user(company))

    assert [one.name for one in found.whole.dependents] == ["Turunan"]
    assert [(row.name, row.largest) for row in told.rows] == [("Toko Kota", D("5.26"))]


def test_open_documents_are_priced_whole_by_both_books_and_a_price_by_hand_stays() -> None:
    company = make_company()
    coffee, sugar = make_product(company.pk, price=D(98000)), make_product(company.pk, price=D(50000))
    shop = create_customer(company_id=company.pk, name="Toko Kota", **HOW)
    prices = make_price_list(company, {(coffee, 0): 95000, (sugar, 0): 40000})
    change = make_change(prices, {(coffee, 0): 96000, (sugar, 0): 41000})
    branch = Branch.objects.get(company=company)

    def line(product: Any, by_hand: int | None = None) -> OpenLine:
        return OpenLine(product.pk, D(10), "", None if by_hand is None else D(by_hand), D(10), D(0), False, True)

    def document(number: str, *lines: OpenLine) -> OpenDocument:
        return OpenDocument(
            "Quotation",
            new_id(),
            number,
            "",
            "Sent",
            shop.pk,
            "Toko Kota",
            branch.pk,
            None,
            D(0),
            D(0),
            D(0),
            {},
            {},
            True,
            lines,
        )

    heard = []

    def source(question: Asked) -> Open:
        heard.append(question)
        return Open(
            [document("A", line(coffee)), document("B", line(sugar, 39000)), document("C", line(coffee), line(sugar))],
            7,
        )

    open_documents.add("test", source)
    try:
        told = count_documents(asked(change).whole, by=make_user(company))
    finally:
        open_documents.remove("test")

    assert len(heard) == 1
    assert set(heard[0].product_ids or ()) == {coffee.pk, sugar.pk}
    assert [(row.document.number, row.lines, row.difference) for row in told.rows] == [
        ("C", 2, D(19980)),
        ("A", 1, D(9990)),
    ]
    assert (told.asked, told.left_off, told.difference) == (3, 7, D(29970))


def test_a_thousand_products_are_asked_in_the_statements_of_ten() -> None:
    company = make_company()
    rows = [make_product(company.pk) for _place in range(30)]
    few = make_change(make_price_list(company), {(one, 0): 1000 for one in rows[:3]})
    many = make_change(make_price_list(company), {(one, least): 1000 for one in rows for least in range(30)})

    counts = []
    for change in (few, many):
        with CaptureQueriesContext(connection) as captured:
            assert asked(change).figures is not None
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 14


def test_turning_a_list_into_one_with_tax_is_told_before_it_holds_and_taken_back_whole() -> None:
    company = make_company()
    coffee = make_product(company.pk, price=D(98000))
    prices = make_price_list(company, {(coffee, 0): 95000})
    change = make_change(prices)
    change_heads(change_id=change.pk, prices_include_tax=True, **HOW)

    (row,) = figures(change).rows
    heads = PriceChange.objects.get(pk=change.pk).heads
    done = publish_change(change_id=change.pk, **HOW)
    held = PriceList.objects.get().prices_include_tax
    roll_back(publication_id=done.pk, **HOW)

    assert (D(row["before"]), D(row["after"])) == (D(95000), D("85585.585586"))
    assert (heads, held) == ({"prices_include_tax": [None, True]}, True)
    assert PriceList.objects.get().prices_include_tax is None
