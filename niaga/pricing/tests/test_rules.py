"""Formulas of price lists as they are kept: set all or none, never in a ring, read once for each version."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from niaga.catalog.models import Category, Product, Unit
from niaga.catalog.tests.makers import make_company, make_product, make_user
from niaga.core.errors import Forbidden, StaleVersion
from niaga.core.models import AuditEntry
from niaga.organization.access import SYSTEM
from niaga.organization.models import Branch, Company
from niaga.organization.queries.document_context import document_context
from niaga.organization.services.set_grants import set_grants
from niaga.organization.tests.makers import AT, fresh
from niaga.parties.services.create_customer import create_customer
from niaga.pricing.errors import BadRules, HoursEmpty, ListInUse
from niaga.pricing.models import PriceList, PriceListRule
from niaga.pricing.queries.explained_steps import explained_steps
from niaga.pricing.queries.price_preview import Preview, WantedLine, price_preview
from niaga.pricing.queries.rules_of import rules_in_words
from niaga.pricing.services._rules import MOST_RULES
from niaga.pricing.services.archive_price_list import archive_price_list
from niaga.pricing.services.set_prices import NewPrice, set_prices
from niaga.pricing.services.set_rules import NewRule, set_rules
from niaga.pricing.tests.makers import make_price_list

pytestmark = pytest.mark.django_db
D = Decimal
DAY = date(2026, 11, 24)


def formula(basis: str = "price", **facts: Any) -> NewRule:
    return NewRule(basis, **{name: D(one) if isinstance(one, int) else one for name, one in facts.items()})


def give(price_list: PriceList, *rules: NewRule, **facts: Any) -> int:
    return set_rules(price_list_id=price_list.id, rules=rules, **{"by": SYSTEM, "at": AT, **facts})


def preview(company: Company, product: Product, quantity: int = 1, **facts: Any) -> Preview:
    context = document_context(branch_id=Branch.objects.filter(company=company).values_list("pk", flat=True)[0], at=AT)
    lines = [WantedLine(D(quantity), product.id, unit=facts.pop("unit", ""))]
    return price_preview(context=context, lines=lines, on=DAY, **facts)


def price(company: Company, product: Product, quantity: int = 1, **facts: Any) -> Decimal:
    return preview(company, product, quantity, **facts).priced.lines[0].unit_price


def faults(price_list: PriceList, *rules: NewRule, **facts: Any) -> list[tuple[int, str]]:
    with pytest.raises(BadRules) as refusal:
        give(price_list, *rules, **facts)
    return [(fault["line"], fault["field"]) for fault in refusal.value.lines]


def test_formulas_hold_at_once_in_the_order_of_their_scope_and_are_audited() -> None:
    company = make_company()
    food = Category.objects.create(company=company, name="Makanan")
    coffee_shelf = Category.objects.create(company=company, name="Kopi", parent=food)
    coffee = make_product(company.pk, price=D(98000), category_id=coffee_shelf.pk, brand="Kapal", cost=D(70000))
    tea = make_product(company.pk, price=D(20000))
    wholesale = make_price_list(company)

    version = give(wholesale, formula(percent=-10), formula(percent=-20, category_id=food.pk))

    assert version == 2
    assert (price(company, coffee), price(company, tea)) == (D(78400), D(18000))
    give(wholesale, formula("cost", percent=25, brand="Kapal", category_id=food.pk), formula(percent=-10))
    assert (price(company, coffee), price(company, tea)) == (D(87500), D(18000))
    told = AuditEntry.objects.filter(subject_id=wholesale.pk, verb="set_rules").latest("id").data
    assert told["before"][1] == {"basis": "price", "percent": "-20", "category_id": str(food.pk)}
    assert give(wholesale, *[]) == 4
    assert price(company, coffee) == D(98000)


def test_the_same_formulas_again_change_nothing_and_an_overtaken_writer_is_refused() -> None:
    wholesale = make_price_list(make_company())
    assert give(wholesale, formula(percent=-10)) == give(wholesale, formula(percent=-10)) == 2

    with pytest.raises(StaleVersion):
        give(wholesale, formula(percent=-20), expected_version=1)


def test_a_list_on_another_takes_its_prices_wherever_they_stand() -> None:
    company = make_company()
    coffee, tea = make_product(company.pk, price=D(98000)), make_product(company.pk, price=D(20000))
    retail = make_price_list(company, {(coffee, 0): 90000, (coffee, 10): 80000}, name="Eceran", priority=-1)
    dealer = make_price_list(company, name="Agen")
    give(dealer, formula("list", base_list_id=retail.pk, percent=-10, round_to=500, round_minus=1))

    assert (price(company, coffee), price(company, coffee, 10)) == (D(80999), D(71999))
    assert price(company, tea) == D(17999)
    steps = preview(company, coffee).priced.lines[0].explanation()
    words = [step.text for step in explained_steps(steps, "IDR", sees_cost=True)]
    assert any("Eceran" in text and "Agen" in text for text in words)


def test_two_lists_never_stand_on_each_other_nor_a_list_on_itself() -> None:
    company = make_company()
    one, two, three = (make_price_list(company, name=name) for name in ("Satu", "Dua", "Tiga"))
    give(two, formula("list", base_list_id=one.pk))
    give(three, formula("list", base_list_id=two.pk))

    assert faults(one, formula("list", base_list_id=three.pk)) == [(1, "base_list_id")]
    assert faults(one, formula("list", base_list_id=one.pk)) == [(1, "base_list_id")]
    assert PriceListRule.objects.filter(price_list=one).count() == 0


def test_at_most_ten_lists_stand_on_one_another() -> None:
    company = make_company()
    lists = [make_price_list(company) for _ in range(12)]
    for above, below in zip(lists[1:11], lists[:10], strict=True):
        give(above, formula("list", base_list_id=below.pk))

    assert faults(lists[11], formula("list", base_list_id=lists[10].pk)) == [(1, "base_list_id")]


def test_a_list_that_others_stand_on_is_not_archived_and_none_comes_back_onto_an_archived_one() -> None:
    company = make_company()
    base, above = make_price_list(company, name="Dasar"), make_price_list(company, name="Atas")
    give(above, formula("list", base_list_id=base.pk))
    deed = {"by": SYSTEM, "at": AT}

    with pytest.raises(ListInUse, match="Atas"):
        archive_price_list(price_list_id=base.pk, **deed)
    archive_price_list(price_list_id=above.pk, **deed)
    archive_price_list(price_list_id=base.pk, **deed)
    with pytest.raises(ListInUse, match="Dasar"):
        archive_price_list(price_list_id=above.pk, restore=True, **deed)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"percent": D("-100.01")}, "percent"),
        ({"percent": D("NaN")}, "percent"),
        ({"percent": D("1E+30")}, "percent"),
        ({"surcharge": D("Infinity")}, "surcharge"),
        ({"round_to": D(0)}, "round_to"),
        ({"round_to": D(-5)}, "round_to"),
        ({"round_minus": D(1)}, "round_minus"),
        ({"round_to": D(100), "round_minus": D(100)}, "round_minus"),
        ({"least_margin": D(100)}, "least_margin"),
        ({"min_quantity": D(-1)}, "min_quantity"),
        ({"basis": "=1+1"}, "basis"),
        ({"basis": "__import__('os')"}, "basis"),
        ({"basis": "list"}, "base_list_id"),
        ({"basis": "list", "base_list_id": UUID(int=5)}, "base_list_id"),
        ({"base_list_id": UUID(int=5)}, "base_list_id"),
        ({"product_id": UUID(int=5)}, "product_id"),
        ({"family_id": UUID(int=5)}, "family_id"),
        ({"category_id": UUID(int=5)}, "category_id"),
        ({"category_id": UUID(int=5), "product_id": UUID(int=6)}, "category_id"),
        ({"brand": "x" * 81}, "brand"),
        ({"unit": "'; DROP TABLE"}, "unit"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_answered_at_its_field_and_nothing_is_saved(facts: dict[str, Any], field: str) -> None:
    wholesale = make_price_list(make_company())

    found = faults(wholesale, formula(percent=-5, brand="Baik"), NewRule(**{"basis": "price", **facts}))

    assert (2, field) in found
    assert all(line == 2 for line, _field in found)
    assert PriceListRule.objects.count() == 0


def test_two_formulas_for_the_same_part_and_too_many_are_refused() -> None:
    wholesale = make_price_list(make_company())

    assert faults(wholesale, formula(percent=-5), formula(percent=-6)) == [(2, "min_quantity")]
    with pytest.raises(BadRules):
        give(wholesale, *[formula(min_quantity=number) for number in range(MOST_RULES + 1)])


def test_formulas_are_checked_in_the_same_statements_however_many() -> None:
    company = make_company()
    owner = make_user(company)
    bases = [make_price_list(company) for _ in range(3)]
    mine = make_price_list(company)
    give(mine, formula(), by=owner)
    counts = []

    for n in (1, 40):
        rules = [formula("list", base_list_id=bases[k % 3].pk, min_quantity=D(k)) for k in range(n)]
        rules += [formula(min_quantity=D(k), brand="Toraja") for k in range(n)]
        with CaptureQueriesContext(connection) as captured:
            give(mine, *rules, by=owner)
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_a_list_for_a_customer_whom_one_does_not_see_is_no_base() -> None:
    company = make_company()
    make_user(company)
    seller = make_user(company, "salesperson")
    grants = {("price_list", action): "all" for action in ("view", "change")} | {("customer", "view"): "own"}
    set_grants(role_id=seller.memberships.get().role_id, grants=grants, by=SYSTEM, at=AT)
    customer = create_customer(company_id=company.pk, name="Toko lain", by=SYSTEM, at=AT)
    hidden, mine = make_price_list(company, customer_id=customer.pk), make_price_list(company)

    assert faults(mine, formula("list", base_list_id=hidden.pk), by=fresh(seller)) == [(1, "base_list_id")]
    assert faults(mine, formula("list", base_list_id=make_company().pk)) == [(1, "base_list_id")]


def test_another_companys_things_and_lists_in_another_currency_are_unknown() -> None:
    company, other = make_company(), make_company()
    theirs, foreign = make_product(other.pk), make_price_list(other)
    wholesale, dollars = make_price_list(company), make_price_list(company, currency="USD")

    assert faults(wholesale, formula(product_id=theirs.pk)) == [(1, "product_id")]
    assert faults(wholesale, formula("list", base_list_id=foreign.pk)) == [(1, "base_list_id")]
    assert faults(wholesale, formula("list", base_list_id=dollars.pk)) == [(1, "base_list_id")]
    assert faults(dollars, formula(percent=-5)) == [(1, "basis")]


def test_who_may_not_see_cost_neither_bases_prices_on_it_nor_reads_it_from_them() -> None:
    company = make_company()
    clerk = make_user(company, "sales_admin")
    coffee = make_product(company.pk, price=D(98000), cost=D(70000))
    wholesale = make_price_list(company)
    give(wholesale, formula("cost", percent=25), formula(percent=-5, brand="Kapal"))

    for rule in (formula("cost", percent=30), formula(percent=-50, least_margin=20)):
        with pytest.raises(Forbidden):
            give(wholesale, rule, by=clerk)
    assert give(wholesale, formula("cost", percent=25), formula(percent=-6, brand="Kapal"), by=clerk) == 3
    steps = preview(company, coffee).priced.lines[0].explanation()
    hidden = " ".join(step.text for step in explained_steps(steps, "IDR"))
    shown = " ".join(step.text for step in explained_steps(steps, "IDR", sees_cost=True))
    assert ("70.000" in shown, "70.000" in hidden, "+ 25" in hidden, "87.500" in hidden) == (True, False, False, True)
    assert "+" not in rules_in_words(wholesale.pk, sees_cost=False)[0].way


def test_prices_may_be_for_a_box_beside_those_for_a_piece() -> None:
    company = make_company()
    coffee = make_product(company.pk, sku="KOP-1", price=D(1000))
    box = Unit.objects.create(company=company, code="dus", name="Dus")
    coffee.units.create(unit=box, factor=12)
    wholesale = make_price_list(company)
    rows = [
        NewPrice(D(950), sku="KOP-1"), NewPrice(D(11000), sku="KOP-1", unit="dus"),
        NewPrice(D(10500), sku="KOP-1", unit="dus", min_quantity=D(5)),
    ]  # fmt: skip

    done = set_prices(price_list_id=wholesale.pk, prices=rows, by=SYSTEM, at=AT)

    assert done.added == 3
    assert (price(company, coffee), price(company, coffee, unit="dus"), price(company, coffee, 5, unit="dus")) == (
        D(950), D(11000), D(10500),
    )  # fmt: skip
    gone = set_prices(price_list_id=wholesale.pk, prices=[NewPrice(None, sku="KOP-1", unit="dus")], by=SYSTEM, at=AT)
    assert (gone.removed, price(company, coffee, unit="dus")) == (1, D(11400))


def test_hours_that_hold_no_moment_are_refused() -> None:
    company = make_company()
    for facts in ({"weekdays": 0}, {"weekdays": 128}, {"from_time": AT.time(), "until_time": AT.time()}):
        with pytest.raises(HoursEmpty):
            make_price_list(company, **facts)


def test_the_book_is_read_once_for_each_version_whoever_changed_it() -> None:
    company = make_company()
    coffee = make_product(company.pk, price=D(98000))
    wholesale = make_price_list(company)
    give(wholesale, formula(percent=-10))
    price(company, coffee)

    with CaptureQueriesContext(connection) as known:
        assert price(company, coffee) == D(88200)
    with connection.cursor() as cursor:  # another process, or a hand in the database
        cursor.execute("UPDATE pricing_pricelistrule SET percent = -20 WHERE price_list_id = %s", [wholesale.pk])
    with CaptureQueriesContext(connection) as anew:
        assert price(company, coffee) == D(78400)

    # lists, rules, promotions, their parts, the loyalty programme, and the entries once more
    assert len(anew) == len(known) + 6
    set_prices(price_list_id=wholesale.pk, prices=[NewPrice(D(50000), coffee.pk)], by=SYSTEM, at=AT)
    with CaptureQueriesContext(connection) as prices_only:
        assert price(company, coffee) == D(50000)
    assert len(prices_only) == len(known)


def test_a_change_that_was_rolled_back_leaves_no_book_behind() -> None:

    company = make_company()
    coffee = make_product(company.pk, price=D(98000))
    wholesale = make_price_list(company)
    give(wholesale, formula(percent=-10))
    assert price(company, coffee) == D(88200)

    with transaction.atomic():
        give(wholesale, formula(percent=-50))
        assert price(company, coffee) == D(49000)
        transaction.set_rollback(True)

    assert price(company, coffee) == D(88200)
    give(wholesale, formula(percent=-20))
    assert price(company, coffee) == D(78400)


def test_a_book_of_many_lists_is_read_in_the_statements_of_a_book_of_one() -> None:
    company = make_company()
    coffee = make_product(company.pk, price=D(98000))
    for number in range(12):
        give(make_price_list(company, priority=number), formula(percent=-number))

    with CaptureQueriesContext(connection) as cold:
        assert price(company, coffee) == D(98000) * 89 / 100

    with CaptureQueriesContext(connection) as warm:
        price(company, coffee)
    # the catalog's settings, lists, rules, promotions, their parts, the loyalty programme, and the entries once more
    assert len(cold) - len(warm) == 7
