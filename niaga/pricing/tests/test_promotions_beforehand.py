"""A promotion that is prepared aside: what it would do, published now or at its moment, and taken back."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from niaga.catalog.services.save_category import save_category
from niaga.catalog.tests.makers import make_company, make_product, make_user
from niaga.core.errors import Forbidden, Invalid, NotFound
from niaga.messaging.models import Notice
from niaga.organization.access import SYSTEM
from niaga.organization.tests.makers import AT
from niaga.parties.models import CustomerGroup
from niaga.parties.services.create_customer import create_customer
from niaga.parties.services.set_up_parties import set_up_parties
from niaga.pricing.errors import CannotHold, ChangedSince, ListChanged, NeverPublished, NothingPrepared
from niaga.pricing.models import PriceChange, Promotion, PromotionTier, PromotionUsage, Publication
from niaga.pricing.queries.price_changes import Counted, Found, counted
from niaga.pricing.queries.rule_book import read_book
from niaga.pricing.queries.subjects import subject_at_work
from niaga.pricing.queries.what_if_customers import count_customers
from niaga.pricing.queries.what_if_products import ProductFigures
from niaga.pricing.services.archive_promotion import archive_promotion
from niaga.pricing.services.change_entries import change_entries
from niaga.pricing.services.create_promotion import NewPromotion, NewScope, change_promotion
from niaga.pricing.services.discard_change import discard_change
from niaga.pricing.services.draft_promotion import draft_promotion
from niaga.pricing.services.prepare_change import prepare_change
from niaga.pricing.services.prepare_promotion import prepare_promotion
from niaga.pricing.services.prepare_promotion_change import prepare_promotion_change
from niaga.pricing.services.publish_at_its_moment import publish_due
from niaga.pricing.services.publish_change import publish_change
from niaga.pricing.services.review_change import review_change
from niaga.pricing.services.roll_back import roll_back
from niaga.pricing.services.schedule_change import schedule_change
from niaga.pricing.tests.makers import make_price_list, make_promotion

pytestmark = pytest.mark.django_db
D = Decimal
HOW: dict[str, Any] = {"by": SYSTEM, "at": AT}
LATER = AT + timedelta(hours=20)


def new(kind: str = "percent", *tiers: tuple[int, int], **facts: Any) -> NewPromotion:
    steps = tuple((D(least), D(figure)) for least, figure in tiers or ((0, 10),))
    return NewPromotion(**{"name": "Obral", "kind": kind, "tiers": steps, **facts})


def prepared(company: Any, promotion: NewPromotion) -> PriceChange:
    return prepare_promotion(company_id=company.pk, promotion=promotion, **HOW)


def asked(change: PriceChange) -> Counted:
    change = PriceChange.objects.get(pk=change.pk)
    return counted(Found(subject_at_work(change.subject_kind, change.subject_id), change), at=AT)


def figures(change: PriceChange) -> ProductFigures:
    found = asked(change).figures
    assert found is not None
    return found


def told(change: PriceChange) -> list[tuple[str, Decimal, str, str]]:
    """Of each product: in which quantity, and what a unit costs before and after."""
    rows = figures(change).rows
    return [(row["name"], D(row["quantity"]), str(D(row["before"])), str(D(row["after"]))) for row in rows]


def in_force(company: Any) -> set[str]:
    return {one.name for one in read_book(company.pk, "IDR").promotions.values()}


def test_what_is_prepared_holds_nowhere_until_it_is_published() -> None:
    company = make_company()

    change = prepared(company, new(scopes=(NewScope(brand="Toraja"),), most_uses=5))
    aside = (in_force(company), Promotion.objects.get().unpublished, Publication.objects.count())
    done = publish_change(change_id=change.pk, note="Hari jadi", **HOW)

    assert aside == (set(), True, 0)
    assert in_force(company) == {"Obral"}
    made = Promotion.objects.get()
    assert (made.unpublished, made.archived_at, made.version) == (False, None, 2)
    assert (done.subject_kind, done.subject_id, done.kind, done.note, done.subject_version) == (
        "promotion", made.pk, "change", "Hari jadi", 2,
    )  # fmt: skip


def test_a_prepared_promotion_is_brought_into_force_by_its_change_alone() -> None:
    company = make_company()
    change = prepared(company, new())
    promotion_id = change.subject_id

    with pytest.raises(NeverPublished):
        archive_promotion(promotion_id=promotion_id, restore=True, **HOW)
    with pytest.raises(NeverPublished):
        change_promotion(promotion_id=promotion_id, promotion=new("percent", (0, 50)), **HOW)

    assert in_force(company) == set()
    assert PromotionTier.objects.get().figure == 10


def test_a_change_keeps_only_what_differs_and_what_holds_stays() -> None:
    company = make_company()
    made = make_promotion(company, scopes=(NewScope(brand="Toraja"),), priority=3)
    change = prepare_promotion_change(promotion_id=made.pk, name="Desember", **HOW)

    wanted = new(
        "percent", (0, 10), (50, 15), scopes=(NewScope(brand="Toraja"),), valid_to=date(2027, 1, 31), priority=3
    )
    draft_promotion(change_id=change.pk, promotion=wanted, **HOW)
    kept = PriceChange.objects.get()
    before = PromotionTier.objects.count()
    publish_change(change_id=change.pk, **HOW)

    assert kept.heads == {"valid_to": [None, "2027-01-31"]}
    assert kept.rules == {
        "before": [{"least": "0", "figure": "10"}, {"role": "on", "brand": "Toraja"}],
        "after": [{"least": "0", "figure": "10"}, {"least": "50", "figure": "15"}, {"role": "on", "brand": "Toraja"}],
    }
    assert before == 1
    assert list(PromotionTier.objects.order_by("least").values_list("least", "figure")) == [(0, 10), (50, 15)]
    assert Promotion.objects.get().valid_to == date(2027, 1, 31)


def test_what_is_drafted_is_checked_like_a_promotion_that_holds_at_once() -> None:
    company = make_company()
    made = make_promotion(company)
    change = prepare_promotion_change(promotion_id=made.pk, name="Desember", **HOW)

    with pytest.raises(Invalid) as refused:
        draft_promotion(change_id=change.pk, promotion=new("percent", (0, 101)), **HOW)

    assert [line["field"] for line in refused.value.lines] == ["figure"]
    assert PriceChange.objects.get().rules is None
    with pytest.raises(NothingPrepared):
        publish_change(change_id=change.pk, **HOW)


def test_prices_are_not_written_into_a_promotion_nor_a_promotion_into_a_list() -> None:
    company = make_company()
    change = prepared(company, new())
    other = prepare_change(price_list_id=make_price_list(company).pk, name="Desember", **HOW)

    with pytest.raises(NotFound):
        change_entries(change_id=change.pk, prices=[], **HOW)
    with pytest.raises(NotFound):
        draft_promotion(change_id=other.pk, promotion=new(), **HOW)

    assert PriceChange.objects.get(pk=other.pk).heads == {}


def test_somebody_elses_change_of_the_same_step_stands_in_the_way_until_it_is_looked_at() -> None:
    company = make_company()
    made = make_promotion(company)
    change = prepare_promotion_change(promotion_id=made.pk, name="D", promotion=new("percent", (0, 20)), **HOW)
    change_promotion(promotion_id=made.pk, promotion=new("percent", (0, 15)), **HOW)

    with override("en"), pytest.raises(ListChanged) as refused:
        publish_change(change_id=change.pk, **HOW)
    held = PromotionTier.objects.get().figure
    review_change(change_id=change.pk, **HOW)
    publish_change(change_id=change.pk, **HOW)

    assert [line["message"] for line in refused.value.lines] == ["Steps and parts"]
    assert (held, PromotionTier.objects.get().figure) == (15, 20)


def test_a_promotion_is_published_at_its_moment_with_its_reason() -> None:
    company = make_company()
    change = prepared(company, new())
    schedule_change(change_id=change.pk, publish_at=LATER, note="Mulai Senin", **HOW)

    assert (publish_due(at=LATER - timedelta(minutes=1)), in_force(company)) == (0, set())
    assert (publish_due(at=LATER), publish_due(at=LATER)) == (1, 0)
    assert in_force(company) == {"Obral"}
    assert Publication.objects.get().note == "Mulai Senin"


def test_a_limit_that_use_has_passed_by_its_moment_blocks_it_with_the_reason_and_what_held_goes_on() -> None:
    company = make_company()
    made = make_promotion(company, most_uses=100)
    author = make_user(company)
    change = prepare_promotion_change(
        promotion_id=made.pk, name="Lebih sedikit", promotion=new(most_uses=5), by=author, at=AT
    )
    schedule_change(change_id=change.pk, publish_at=LATER, by=author, at=AT)
    PromotionUsage.objects.update(uses=7)

    assert publish_due(at=LATER) == 0

    assert PriceChange.objects.get().status == "blocked"
    assert Promotion.objects.get().most_uses == 100
    assert Notice.objects.filter(subject_id=change.pk).count() == 1
    with override("en"), pytest.raises(CannotHold) as refused:
        publish_change(change_id=change.pk, by=author, at=LATER)
    (line,) = refused.value.lines
    assert line["message"] == "Documents in all: 7 is used already. Archive it to end it at once."


def test_rolling_back_archives_what_was_new_and_leaves_what_was_used() -> None:
    company = make_company()
    made = make_promotion(company, most_uses=10)
    PromotionUsage.objects.update(uses=3, amount=D(45_000))
    done = Publication.objects.get(subject_id=made.pk)

    back = roll_back(publication_id=done.pk, note="Salah cabang", **HOW)

    assert (done.kind, back.kind, back.reverses_id, back.note) == ("edit", "rollback", done.pk, "Salah cabang")
    assert in_force(company) == set()
    assert Promotion.objects.get().archived_at == AT
    assert PromotionUsage.objects.values_list("uses", "amount").get() == (3, D(45_000))
    roll_back(publication_id=back.pk, **HOW)
    assert in_force(company) == {"Obral"}


def test_rolling_back_a_change_gives_back_steps_and_settings_and_later_ones_only_when_that_is_said() -> None:
    company = make_company()
    made = make_promotion(company, scopes=(NewScope(brand="Toraja"),))
    changed = new("percent", (0, 25), scopes=(NewScope(brand="Gayo"),), priority=5)
    change = prepare_promotion_change(promotion_id=made.pk, name="Desember", promotion=changed, **HOW)
    done = publish_change(change_id=change.pk, **HOW)
    later = new("percent", (0, 30), scopes=(NewScope(brand="Gayo"),), priority=5)
    change_promotion(promotion_id=made.pk, promotion=later, **HOW)

    with pytest.raises(ChangedSince):
        roll_back(publication_id=done.pk, **HOW)
    untouched = PromotionTier.objects.get().figure
    roll_back(publication_id=done.pk, over_later_changes=True, **HOW)

    assert untouched == 30
    found = Promotion.objects.get()
    assert (found.priority, PromotionTier.objects.get().figure, found.scopes.get().brand) == (0, 10, "Toraja")


def test_rolling_back_to_a_limit_below_what_is_used_is_refused_and_nothing_changes() -> None:
    company = make_company()
    made = make_promotion(company, most_uses=5)
    change_promotion(promotion_id=made.pk, promotion=new(most_uses=50), **HOW)
    PromotionUsage.objects.update(uses=20)
    done = Publication.objects.order_by("-id")[0]

    with pytest.raises(CannotHold):
        roll_back(publication_id=done.pk, **HOW)

    assert Promotion.objects.get().most_uses == 50
    assert Publication.objects.count() == 2


def test_only_who_may_change_prices_prepares_and_publishes() -> None:
    company = make_company()
    change = prepared(company, new())
    seller = make_user(company, "salesperson")

    with pytest.raises(Forbidden):
        prepare_promotion(company_id=company.pk, promotion=new(), by=seller, at=AT)
    with pytest.raises(Forbidden):
        publish_change(change_id=change.pk, by=seller, at=AT)

    assert (Promotion.objects.count(), in_force(company)) == (1, set())


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


def test_a_prepared_promotion_whose_change_was_discarded_is_brought_into_force_by_another() -> None:
    company = make_company()
    first = prepared(company, new())
    discard_change(change_id=first.pk, **HOW)

    second = prepare_promotion_change(promotion_id=first.subject_id, name="Lagi", **HOW)
    publish_change(change_id=second.pk, **HOW)

    assert in_force(company) == {"Obral"}
