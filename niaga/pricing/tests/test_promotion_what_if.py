"""What a prepared promotion would do, before it is published."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.catalog.services.save_category import save_category
from niaga.catalog.tests.makers import make_company, make_product, make_user
from niaga.parties.models import CustomerGroup
from niaga.parties.services.create_customer import create_customer
from niaga.parties.services.set_up_parties import set_up_parties
from niaga.pricing.models import PriceChange, PromotionUsage
from niaga.pricing.queries.what_if_customers import count_customers
from niaga.pricing.rules.new_promotion import NewPromotion, NewScope
from niaga.pricing.services.prepare_promotion_change import prepare_promotion_change
from niaga.pricing.tests.changes import HOW, asked, figures, new, prepared
from niaga.pricing.tests.makers import make_promotion

pytestmark = pytest.mark.django_db
D = Decimal


def told(change: PriceChange) -> list[tuple[str, Decimal, str, str]]:
    """Of each product: in which quantity, and what a unit costs before and after."""
    rows = figures(change).rows
    return [(row["name"], D(row["quantity"]), str(D(row["before"])), str(D(row["after"]))) for row in rows]


def test_products_are_told_in_the_quantity_at_which_a_step_begins_with_their_margin() -> None:
    company = make_company()
    make_product(company.pk, name="Kopi", brand="Toraja", price=D(100_000), cost=D(80_000))
    make_product(company.pk, name="Teh", brand="Gayo", price=D(40_000))

    change = prepared(company, new("percent", (0, 5), (12, 25), scopes=(NewScope(brand="Toraja"),)))
    found = figures(change)

    assert (found.of, found.changed, found.down, found.below_cost) == (1, 1, 1, 1)
    assert told(change) == [("Kopi", D(12), "100000.000000", "75000.000000")]
    (row,) = found.rows
    assert (row["percent"], row["margin_before"], row["margin_after"]) == ("-25.00", "20.00", "-6.67")


@pytest.mark.parametrize(
    ("promotion", "quantity", "after"),
    [
        (new("amount", (0, 4_000)), 1, 36_000),
        (new("fixed_price", (3, 30_000)), 3, 30_000),
        (new("buy_get", (0, 100), buy=D(2), get=D(1)), 3, 26_667),
        (new("basket_percent", (100_000, 10)), 3, 36_000),
        (new("basket_amount", (100_000, 12_000)), 3, 36_000),
        (new("percent", (0, 10), by_coupon=True), 1, 36_000),
    ],
)
def test_every_kind_is_tried_in_the_least_basket_that_reaches_it(
    promotion: NewPromotion, quantity: int, after: int
) -> None:
    company = make_company()
    make_product(company.pk, name="Teh", price=D(40_000))

    ((name, units, before, becomes),) = told(prepared(company, promotion))

    assert (name, units, D(before)) == ("Teh", D(quantity), D(40_000))
    assert round(D(becomes)) == D(after)


def test_a_bundle_and_what_is_given_for_another_thing_are_tried_with_what_else_they_need() -> None:
    company = make_company()
    tea, cup = (
        make_product(company.pk, name="Teh", price=D(40_000)),
        make_product(company.pk, name="Cangkir", price=D(20_000)),
    )
    parts = (NewScope("part", tea.pk, quantity=D(2)), NewScope("part", cup.pk, quantity=D(1)))
    given = (NewScope("on", tea.pk), NewScope("get", cup.pk))

    bundle = prepared(company, new("bundle_price", (0, 80_000), scopes=parts))
    free = prepared(company, new("buy_get", (0, 50), buy=D(3), get=D(1), scopes=given))

    assert sorted(told(bundle)) == [
        ("Cangkir", D(1), "20000.000000", "16000.000000"), ("Teh", D(2), "40000.000000", "32000.000000"),
    ]  # fmt: skip
    assert told(free) == [("Cangkir", D(1), "20000.000000", "10000.000000")]


def test_a_gift_changes_no_price_but_the_margin_of_what_it_comes_with() -> None:
    company = make_company()
    make_product(company.pk, name="Kopi", brand="Toraja", price=D(50_000), cost=D(30_000))
    cup = make_product(company.pk, name="Cangkir", price=D(20_000), cost=D(10_000))

    found = figures(
        prepared(company, new("gift", (100_000, 1), gift_product_id=cup.pk, scopes=(NewScope(brand="Toraja"),)))
    )

    (row,) = found.rows
    assert (found.changed, found.up, found.down) == (1, 0, 0)
    assert (row["quantity"], row["before"] == row["after"]) == ("2", True)
    assert (row["margin_before"], row["margin_after"]) == ("40.00", "30.00")


def test_free_delivery_is_told_by_what_is_charged() -> None:
    company = make_company()
    make_product(company.pk, name="Kopi", price=D(50_000))
    make_product(company.pk, name="Ongkir", kind="charge", price=D(15_000))

    assert told(prepared(company, new("free_delivery", (100_000, 100)))) == [
        ("Ongkir", D(1), "15000.000000", "0.000000")
    ]


def test_what_another_promotion_takes_already_is_in_both_prices() -> None:
    company = make_company()
    make_product(company.pk, name="Teh", price=D(40_000))
    make_promotion(company, name="Sepuluh")

    ((_name, _units, before, after),) = told(prepared(company, new("percent", (0, 50))))

    assert (D(before), D(after)) == (D(36_000), D(18_000))


def test_a_change_is_told_against_what_holds_and_a_used_up_one_gives_nothing() -> None:
    company = make_company()
    make_product(company.pk, name="Teh", price=D(40_000))
    made = make_promotion(company, most_uses=1)
    PromotionUsage.objects.update(uses=1)

    again = prepare_promotion_change(promotion_id=made.pk, name="Lagi", promotion=new(most_uses=9), **HOW)
    never = prepare_promotion_change(
        promotion_id=made.pk, name="Lebih", promotion=new("percent", (0, 20), most_uses=1), **HOW
    )

    assert told(again) == [("Teh", D(1), "40000.000000", "36000.000000")]
    assert figures(never).changed == 0


def test_a_category_is_asked_with_all_below_it_and_nothing_else_is_read() -> None:
    company = make_company()
    drinks = save_category(company_id=company.pk, name="Minuman", **HOW).pk
    coffee = save_category(company_id=company.pk, name="Kopi", parent_id=drinks, **HOW).pk
    make_product(company.pk, name="Robusta", category_id=coffee, price=D(40_000))
    make_product(company.pk, name="Toraja", category_id=coffee, brand="Toraja", price=D(50_000))
    make_product(company.pk, name="Sapu", price=D(30_000))

    whole = figures(prepared(company, new(scopes=(NewScope(category_id=drinks),))))
    brand = figures(prepared(company, new(scopes=(NewScope(category_id=drinks, brand="Toraja"),))))

    assert (whole.of, {row["name"] for row in whole.rows}) == (2, {"Robusta", "Toraja"})
    assert (brand.of, [row["name"] for row in brand.rows]) == (1, ["Toraja"])


def test_customers_are_counted_by_what_promotions_tell_apart() -> None:
    company = make_company()
    set_up_parties(company_id=company.pk)
    group = CustomerGroup.objects.get(code="WHOLESALE", company_id=company.pk)
    tea = make_product(company.pk, name="Teh", price=D(40_000))
    _shop, own = (
        create_customer(company_id=company.pk, name=name, group_id=group.pk, **HOW)
        for name in ("Toko Kota", "Toko Sendiri")
    )
    create_customer(company_id=company.pk, name="Eceran", **HOW)
    make_promotion(company, name="Sepakat", customer_id=own.pk, priority=9, exclusive=True, tiers=((D(0), D(30)),))

    found = asked(prepared(company, new("percent", (0, 5), group_id=group.pk))).whole
    answer = count_customers(found, [tea.pk], of=1, by=make_user(company))

    assert [(row.name, row.customers, row.largest) for row in answer.rows] == [("Toko Kota", 1, D("-5.00"))]


def test_a_thousand_products_are_asked_in_the_statements_of_ten() -> None:
    company = make_company()
    for _place in range(3):
        make_product(company.pk)
    change = prepared(company, new("basket_percent", (1_000_000, 10)))
    figures(change)
    counts = []
    for more in (0, 30):
        for _place in range(more):
            make_product(company.pk)
        with CaptureQueriesContext(connection) as captured:
            assert figures(change).changed == 3 + more
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 20
