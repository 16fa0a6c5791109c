from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from niaga.catalog.tests.makers import make_company, make_product, make_user
from niaga.core.batch import Batch
from niaga.core.errors import Forbidden, Invalid, NotFound
from niaga.core.ids import new_id
from niaga.core.models import AuditEntry
from niaga.organization.access import SYSTEM
from niaga.organization.models import Company
from niaga.organization.services.tracked import AlreadyTaken
from niaga.organization.tests.makers import AT
from niaga.parties.models import Customer
from niaga.parties.services.create_customer import create_customer
from niaga.pricing.errors import PromotionUsedUp
from niaga.pricing.models import Coupon, Promotion, PromotionUsage, PromotionUse
from niaga.pricing.queries.coupon_words import coupon_refusal_text
from niaga.pricing.queries.list_prices import list_prices
from niaga.pricing.queries.promotion_facts import PromotionFacts, promotion_facts
from niaga.pricing.queries.promotions import promotion_rows, uses_of
from niaga.pricing.rules import Buyer
from niaga.pricing.rules.new_promotion import NewPromotion
from niaga.pricing.services.archive_promotion import archive_promotion
from niaga.pricing.services.change_promotion import change_promotion
from niaga.pricing.services.make_coupons import MOST_COUPONS, make_coupons
from niaga.pricing.services.take_promotions import Taken, take_promotions
from niaga.pricing.services.withdraw_coupons import withdraw_coupons
from niaga.pricing.tests.makers import make_promotion
from niaga.pricing.tests.test_promotions import amounts, preview
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
D = Decimal
DAY = date(2026, 11, 24)


def make_customer(company: Company, name: str = "Toko Makmur") -> Customer:
    return Customer.objects.get(pk=create_customer(company_id=company.pk, name=name, by=SYSTEM, at=AT).pk)


def coupon(promotion: Promotion, code: str = "MERDEKA", **terms: Any) -> Coupon:
    return make_coupons(promotion_id=promotion.pk, codes=[code], by=SYSTEM, at=AT, **terms)[0]


def facts(company: Company, *codes: str, buyer: Buyer | None = None, on: date = DAY) -> PromotionFacts:
    buyer = buyer or Buyer()
    listed = list_prices(company_id=company.pk, products=[], buyer=buyer, currency="IDR", on=date(2026, 11, 24))
    return promotion_facts(company_id=company.pk, book=listed.book, buyer=buyer, codes=codes, on=on)


def take(*wanted: Taken, customer_id: UUID | None = None, source_id: UUID | None = None, had: bool = False) -> UUID:
    """Promotions on a document that becomes binding; its key."""
    source_id = source_id or new_id()
    batch = Batch()
    take_promotions(
        batch=batch, source_kind="order", source_id=source_id, number="SO-1", customer_id=customer_id, wanted=wanted,
        at=AT, had=had,
    )  # fmt: skip
    batch.write()
    return source_id


def counted(promotion: Promotion) -> tuple[int, int]:
    """As its page tells it; where there is a limit, by the counter that limits go by."""
    row = promotion_rows(SYSTEM).get(pk=promotion.pk)
    return row.used, int(row.taken_off)


def test_a_code_is_kept_in_capitals_without_blanks_and_found_however_it_is_typed() -> None:
    company = make_company()
    coffee = make_product(company.pk, price=D(10_000))
    promotion = make_promotion(company, by_coupon=True)

    made = coupon(promotion, " merdeka 81 ")
    without, typed = preview(company, (coffee, 1)), preview(company, (coffee, 1), coupon_codes=["Merdeka81"])

    assert made.code == "MERDEKA81"
    assert (amounts(without), amounts(typed)) == ([10_000], [9_000])
    assert [(one.code, one.amount) for one in typed.priced.promotions] == [("MERDEKA81", 1_000)]
    entry = AuditEntry.objects.get(verb="make_coupons")
    assert (entry.subject_id, entry.data["count"], entry.data["codes"]) == (promotion.pk, 1, ["MERDEKA81"])


def test_thousands_of_codes_that_nobody_can_guess_cost_the_statements_of_one() -> None:
    promotion = make_promotion(make_company(), by_coupon=True)
    counts = []
    for count in (1, 3_000):
        with CaptureQueriesContext(connection) as captured:
            made = make_coupons(promotion_id=promotion.pk, count=count, prefix="hut-", most_uses=1, by=SYSTEM, at=AT)
        counts.append(len(captured))

    assert len({one.code for one in made}) == 3_000
    assert all(one.code.startswith("HUT-") and len(one.code) == 14 for one in made)
    assert Coupon.objects.filter(most_uses=1).count() == 3_001
    assert counts[0] == counts[1]
    assert len(AuditEntry.objects.filter(verb="make_coupons").latest("id").data["codes"]) == 200


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "codes"),
        ({"codes": ["  "]}, "codes"),
        ({"codes": ["A"]}, "codes"),
        ({"codes": ["SATU DUA!"]}, "codes"),
        ({"codes": ["X" * 41]}, "codes"),
        ({"count": MOST_COUPONS + 1}, "count"),
        ({"count": 2, "prefix": "é"}, "prefix"),
        ({"codes": ["OK1"], "most_uses": 0}, "most_uses"),
        ({"codes": ["OK1"], "most_per_customer": 1_000_001}, "most_per_customer"),
        ({"codes": ["OK1"], "customer_id": UUID(int=7)}, "customer_id"),
    ],
)
def test_what_cannot_be_a_coupon_is_refused_at_its_field(asked: dict[str, Any], field: str) -> None:
    promotion = make_promotion(make_company(), by_coupon=True)
    before = AuditEntry.objects.count()

    with pytest.raises(Invalid) as refusal:
        make_coupons(promotion_id=promotion.pk, by=SYSTEM, at=AT, **asked)

    assert refusal.value.field == field
    assert (Coupon.objects.count(), AuditEntry.objects.count()) == (0, before)


def test_a_code_is_the_companys_once_and_all_or_none_are_made() -> None:
    company, other = make_company(), make_company()
    first, second = (make_promotion(company, by_coupon=True) for _turn in range(2))
    coupon(first)

    with pytest.raises(AlreadyTaken) as refusal:
        make_coupons(promotion_id=second.pk, codes=["BARU", "merdeka"], by=SYSTEM, at=AT)

    assert (refusal.value.field, Coupon.objects.count()) == ("codes", 1)
    assert coupon(make_promotion(other, by_coupon=True)).code == "MERDEKA"


def test_a_promotion_that_asks_for_no_coupon_gets_none() -> None:
    with pytest.raises(Invalid) as refusal:
        coupon(make_promotion(make_company()))

    assert refusal.value.field == "codes"


def test_who_may_not_change_prices_makes_and_withdraws_no_coupons() -> None:
    company = make_company()
    promotion = make_promotion(company, by_coupon=True)
    made = coupon(promotion)
    seller, stranger = make_user(company, "salesperson"), make_user(make_company())

    for person, error in ((seller, Forbidden), (stranger, NotFound)):
        with pytest.raises(error):
            make_coupons(promotion_id=promotion.pk, codes=["BARU"], by=person, at=AT)
        with pytest.raises(error):
            withdraw_coupons(promotion_id=promotion.pk, coupon_ids=[made.pk], by=person, at=AT)
    assert Coupon.objects.get().archived_at is None


def test_coupons_are_withdrawn_together_and_taken_back() -> None:
    company = make_company()
    promotion, other = (make_promotion(company, by_coupon=True) for _turn in range(2))
    made = make_coupons(promotion_id=promotion.pk, count=50, by=SYSTEM, at=AT)
    keys = [one.pk for one in made]
    shared: dict[str, Any] = {"by": SYSTEM, "at": AT}

    with CaptureQueriesContext(connection) as captured:
        gone = withdraw_coupons(promotion_id=promotion.pk, coupon_ids=keys, **shared)
    again = withdraw_coupons(promotion_id=promotion.pk, coupon_ids=keys, **shared)
    refused = facts(company, made[0].code).refused
    back = withdraw_coupons(promotion_id=promotion.pk, coupon_ids=keys[:1], restore=True, **shared)

    assert (len(gone), again, back) == (50, [], [made[0].code])
    assert len(captured) <= 6
    assert refused == {made[0].code: "unknown"}
    assert facts(company, made[0].code).refused == {}
    assert AuditEntry.objects.get(verb="withdraw_coupons").data["count"] == 50
    with pytest.raises(NotFound):
        withdraw_coupons(promotion_id=other.pk, coupon_ids=keys[:1], **shared)


def test_a_code_that_opens_nothing_says_why() -> None:
    company = make_company()
    customer = make_customer(company)
    me = Buyer(customer_id=customer.pk)
    promotion = make_promotion(company, by_coupon=True)
    mine = make_promotion(company, name="Langganan", by_coupon=True, customer_id=make_customer(company, "Lain").pk)
    over = make_promotion(company, name="Lewat", by_coupon=True)
    coupon(promotion, "LAMA", valid_to=DAY - timedelta(days=1))
    coupon(promotion, "HARINI", valid_to=DAY)
    coupon(promotion, "MILIK", customer_id=customer.pk)
    coupon(promotion, "LAIN")
    coupon(mine, "KHUSUS")
    coupon(over, "BUBAR")
    archive_promotion(promotion_id=over.pk, by=SYSTEM, at=AT)

    found = facts(company, "LAMA", "HARINI", "LAIN", "KHUSUS", "BUBAR", "ASING", buyer=me)

    assert found.refused == {
        "LAMA": "expired", "LAIN": "same_promotion", "KHUSUS": "not_yours", "BUBAR": "ended", "ASING": "unknown",
    }  # fmt: skip
    assert found.coupons == ((promotion.pk, "HARINI"),)
    assert facts(company, "MILIK").refused == {"MILIK": "not_yours"}
    assert facts(company, "MILIK", buyer=me).refused == {}
    assert facts(make_company(), "HARINI").refused == {"HARINI": "unknown"}


@pytest.mark.parametrize(
    "reason", ["unknown", "expired", "ended", "not_yours", "used_up", "used_by_customer", "same_promotion"]
)
def test_every_refusal_of_a_coupon_has_its_words_in_both_languages(reason: str) -> None:
    texts = set()
    for language in ("id", "en"):
        with override(language):
            text = coupon_refusal_text("MERDEKA", reason)
            assert "“MERDEKA”" in text
            assert text != coupon_refusal_text("MERDEKA", "of a later version")
            texts.add(text)
    assert len(texts) == 2


def test_a_use_is_counted_with_its_coupon_and_given_back_when_the_document_is_cancelled() -> None:
    company = make_company()
    customer = make_customer(company)
    promotion = make_promotion(company, by_coupon=True, most_uses=1)
    made = coupon(promotion, most_uses=1)

    order = take(Taken(promotion.pk, D(5_000), made.pk, made.code), customer_id=customer.pk)
    counts = [counted(promotion)]
    refused = facts(company, made.code).refused
    take(source_id=order, customer_id=customer.pk, had=True)
    counts.append(counted(promotion))
    again = take(Taken(promotion.pk, D(7_000), made.pk, made.code), customer_id=customer.pk)

    assert counts == [(1, 5_000), (0, 0)]
    assert refused == {"MERDEKA": "used_up"}
    assert (counted(promotion), Coupon.objects.get().uses) == ((1, 7_000), 1)
    assert [one.source_id for one in uses_of(SYSTEM, promotion.pk)] == [again]
    assert PromotionUse.objects.filter(released_at=AT).count() == 1
    assert broken_promises() == []


def test_an_amended_document_counts_once_with_its_new_amount() -> None:
    company = make_company()
    kept, gone, new = (make_promotion(company, name=name, most_uses=1) for name in ("K", "G", "N"))
    order = take(Taken(kept.pk, D(1_000)), Taken(gone.pk, D(2_000)))

    take(Taken(kept.pk, D(1_500)), Taken(new.pk, D(300)), source_id=order, had=True)

    assert [counted(one) for one in (kept, gone, new)] == [(1, 1_500), (0, 0), (1, 300)]
    assert broken_promises() == []


def test_beyond_a_limit_nothing_is_taken_and_the_limit_is_named() -> None:
    company = make_company()
    customer, other = make_customer(company), make_customer(company, "Lain")
    most = make_promotion(company, name="Dua saja", most_uses=2)
    each = make_promotion(company, name="Sekali saja", most_per_customer=1)
    poor = make_promotion(company, name="Anggaran", budget=D(10_000))
    by_code = make_promotion(company, name="Kupon", by_coupon=True)
    once = coupon(by_code, "SEKALI", most_per_customer=1)
    take(Taken(most.pk, D(1)), Taken(each.pk, D(1)), Taken(poor.pk, D(6_000)), customer_id=customer.pk)
    take(Taken(most.pk, D(1)), Taken(by_code.pk, D(1), once.pk, once.code), customer_id=customer.pk)

    for wanted, field, name in (
        (Taken(most.pk, D(1)), "promotions", "Dua saja"),
        (Taken(each.pk, D(1)), "promotions", "Sekali saja"),
        (Taken(poor.pk, D(4_001)), "promotions", "Anggaran"),
        (Taken(by_code.pk, D(1), once.pk, once.code), "coupon_codes", "SEKALI"),
    ):
        with pytest.raises(PromotionUsedUp) as refusal:
            take(wanted, customer_id=customer.pk)
        assert (refusal.value.field, refusal.value.facts["name"]) == (field, name)
    take(Taken(each.pk, D(1)), Taken(poor.pk, D(4_000)), customer_id=other.pk)

    assert [counted(one) for one in (most, each, poor, by_code)] == [(2, 2), (2, 2), (2, 10_000), (1, 1)]
    assert facts(company, "SEKALI", buyer=Buyer(customer_id=customer.pk)).refused == {"SEKALI": "used_by_customer"}
    assert broken_promises() == []


def test_what_is_left_of_a_budget_caps_what_a_document_gets() -> None:
    company = make_company()
    coffee = make_product(company.pk, price=D(100_000))
    promotion = make_promotion(company, budget=D(12_000))
    take(Taken(promotion.pk, D(9_000)))

    found = preview(company, (coffee, 1))
    take(Taken(promotion.pk, D(3_000)))
    spent = preview(company, (coffee, 1))

    assert (amounts(found), amounts(spent)) == ([97_000], [100_000])
    lost = next(step for step in spent.priced.lines[0].steps if step.code == "promotion_lost")
    assert lost.facts["reason"] == "used_up"


def test_a_limit_is_never_lowered_below_what_is_used() -> None:
    company = make_company()
    customer = make_customer(company)
    promotion = make_promotion(company)
    for _turn in range(3):
        take(Taken(promotion.pk, D(1_000)), customer_id=customer.pk)

    def limited(**limits: Any) -> NewPromotion:
        return NewPromotion(name="Obral", kind="percent", tiers=((D(0), D(10)),), **limits)

    for name, value in (("most_uses", 2), ("most_per_customer", 2), ("budget", D(2_999))):
        with pytest.raises(Invalid) as refusal:
            change_promotion(promotion_id=promotion.pk, promotion=limited(**{name: value}), by=SYSTEM, at=AT)
        assert refusal.value.field == name
    enough = limited(most_uses=3, most_per_customer=3, budget=D(3_000))
    changed = change_promotion(promotion_id=promotion.pk, promotion=enough, by=SYSTEM, at=AT)

    assert (changed.most_uses, changed.version) == (3, 2)
    assert broken_promises() == []


def test_taking_costs_few_statements_however_many_promotions() -> None:
    company = make_company()
    customer = make_customer(company)
    counts = []
    for many in (1, 12):
        promotions = [make_promotion(company, name=f"{many}-{n}", by_coupon=True) for n in range(many)]
        coupons = [coupon(one, f"K{many}-{n}") for n, one in enumerate(promotions)]
        wanted = [Taken(one.pk, D(1_000), code.pk, code.code) for one, code in zip(promotions, coupons, strict=True)]
        with CaptureQueriesContext(connection) as captured:
            order = take(*wanted, customer_id=customer.pk)
        with CaptureQueriesContext(connection) as released:
            take(source_id=order, customer_id=customer.pk, had=True)
        counts.append((len(captured), len(released)))

    assert counts[0] == counts[1] == (4, 5)
    assert broken_promises() == []


def test_uses_are_shown_only_for_customers_that_a_person_may_see() -> None:
    company = make_company()
    seller = make_user(company, "salesperson")
    theirs = create_customer(company_id=company.pk, name="Punya saya", salesperson_id=seller.pk, by=SYSTEM, at=AT)
    promotion = make_promotion(company)
    take(Taken(promotion.pk, D(1)), customer_id=make_customer(company).pk)
    seen = take(Taken(promotion.pk, D(1)), customer_id=theirs.pk)

    assert [use.source_id for use in uses_of(seller, promotion.pk)] == [seen]
    assert uses_of(SYSTEM, promotion.pk).count() == 2


def test_without_a_limit_a_use_is_written_and_no_row_that_all_share_is_locked_or_counted() -> None:
    promotion = make_promotion(make_company())

    with CaptureQueriesContext(connection) as asked:
        take(Taken(promotion.pk, D(500)))
        take(Taken(promotion.pk, D(700)))

    assert counted(promotion) == (2, 1_200)
    assert (PromotionUsage.objects.get().uses, PromotionUsage.objects.get().amount) == (0, 0)
    assert not [one["sql"] for one in asked if "pricing_promotionusage" in one["sql"] or "FOR UPDATE" in one["sql"]]
    assert len(asked) == 4


def test_a_first_limit_counts_what_was_used_before_and_is_refused_below_it() -> None:
    promotion = make_promotion(make_company())
    documents = [take(Taken(promotion.pk, D(500))) for _turn in range(3)]
    take(source_id=documents[0], had=True)

    def limited(most: int) -> None:
        facts = NewPromotion(name="Obral", kind="percent", tiers=((D(0), D(10)),), most_uses=most)
        change_promotion(promotion_id=promotion.pk, promotion=facts, by=SYSTEM, at=AT)

    with pytest.raises(Invalid):
        limited(1)
    assert PromotionUsage.objects.get().uses == 0
    limited(2)

    assert (PromotionUsage.objects.get().uses, PromotionUsage.objects.get().amount) == (2, 1_000)
    with pytest.raises(PromotionUsedUp):
        take(Taken(promotion.pk, D(500)))
    take(source_id=documents[1], had=True)
    take(Taken(promotion.pk, D(500)))
    assert counted(promotion) == (2, 1_000)
