from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from niaga.catalog.models import Product
from niaga.catalog.services.save_category import save_category
from niaga.catalog.tests.makers import make_company, make_product, make_user
from niaga.core.errors import Forbidden, Invalid, NotFound, StaleVersion
from niaga.core.models import AuditEntry
from niaga.organization.access import SYSTEM
from niaga.organization.models import Branch, Company
from niaga.organization.queries.document_context import document_context
from niaga.organization.services.keep_channel import keep_channel
from niaga.organization.tests.makers import AT
from niaga.parties.services.create_customer import create_customer
from niaga.pricing.errors import DatesReversed, HoursEmpty
from niaga.pricing.models import Promotion, PromotionScope, PromotionTier, PromotionUsage
from niaga.pricing.queries.explained_steps import explained_steps
from niaga.pricing.queries.price_preview import Preview, WantedLine, price_preview
from niaga.pricing.queries.promotions import promotion_for, promotions_for
from niaga.pricing.rules import Buyer
from niaga.pricing.rules.new_promotion import NewPromotion, NewScope
from niaga.pricing.services.archive_promotion import archive_promotion
from niaga.pricing.services.change_promotion import change_promotion
from niaga.pricing.services.create_promotion import create_promotion
from niaga.pricing.tests.makers import make_promotion
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
D = Decimal
DAY = date(2026, 11, 24)


def preview(company: Company, *lines: tuple[Product, int], buyer: Buyer | None = None, **terms: Any) -> Preview:
    branch = Branch.objects.get(company=company, is_head=True)
    return price_preview(
        context=document_context(branch_id=branch.pk, at=AT), on=DAY, buyer=buyer or Buyer(branch_id=branch.pk),
        lines=[WantedLine(D(quantity), product.pk) for product, quantity in lines], **terms,
    )  # fmt: skip


def amounts(found: Preview) -> list[int]:
    return [int(line.amount) for line in found.priced.lines]


def test_a_promotion_is_opened_with_its_parts_in_the_companys_currency_and_audited() -> None:
    company = make_company()
    owner = make_user(company)
    shoes = save_category(company_id=company.pk, name="Sepatu", by=SYSTEM, at=AT)
    given = NewPromotion(
        name="  Pekan sepatu ", kind="percent", tiers=((D(12), D(15)), (D(0), D("7.5"))),
        scopes=(NewScope(category_id=shoes.pk, brand="Nike"), NewScope(role="except", brand="Obral")),
        most_amount=D("50000.4"), weekdays=31, from_time=time(9), priority=3, exclusive=True,
    )  # fmt: skip

    made = create_promotion(company_id=company.pk, promotion=given, by=owner, at=AT)

    assert (made.name, made.currency, made.version, made.most_amount) == ("Pekan sepatu", "IDR", 1, D(50000))
    assert list(PromotionTier.objects.order_by("least").values_list("least", "figure")) == [
        (D(0), D("7.5")), (D(12), D(15)),
    ]  # fmt: skip
    assert list(PromotionScope.objects.order_by("position").values_list("role", "category_id", "brand")) == [
        ("on", shoes.pk, "Nike"), ("except", None, "Obral"),
    ]  # fmt: skip
    assert (PromotionUsage.objects.get().uses, PromotionUsage.objects.get().amount) == (0, 0)
    entry = AuditEntry.objects.get(subject_id=made.pk)
    assert (entry.verb, entry.subject_kind, entry.actor_id, entry.company_id) == (
        "create", "promotion", owner.pk, company.pk,
    )  # fmt: skip
    assert broken_promises() == []


PLAIN: dict[str, Any] = {"kind": "percent", "tiers": ((D(0), D(10)),)}
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"kind": "magic"}, "kind"),
    ({"name": ""}, "name"),
    ({"tiers": ()}, "figure"),
    ({"tiers": ((D(0), D(101)),)}, "figure"),
    ({"tiers": ((D(0), D(0)),)}, "figure"),
    ({"tiers": ((D(0), D(-1)),)}, "figure"),
    ({"tiers": ((D(0), D("NaN")),)}, "figure"),
    ({"tiers": ((D(-1), D(10)),)}, "tiers"),
    ({"tiers": ((D(1), D(10)), (D(1), D(12)))}, "tiers"),
    ({"tiers": ((D("0.00001"), D(10)), (D("0.00002"), D(12)))}, "tiers"),
    ({"tiers": ((D(0), D("0.0000001")),)}, "figure"),
    ({"budget": D("0.3")}, "budget"),
    ({"most_amount": D("0.3")}, "most_amount"),
    ({"tiers": ((D(n), D(10)) for n in range(21))}, "tiers"),
    ({"kind": "amount", "tiers": ((D(0), D(10) ** 13),)}, "figure"),
    ({"kind": "bundle_price", "tiers": ((D(0), D(9)),)}, "parts"),
    (
        {
            "kind": "bundle_price",
            "tiers": ((D(0), D(9)), (D(5), D(8))),
            "scopes": (NewScope("part", brand="A", quantity=D(1)),),
        },
        "tiers",
    ),
    (
        {"kind": "bundle_price", "tiers": ((D(0), D(9)),), "scopes": (NewScope("part", brand="A", quantity=D("1.5")),)},
        "parts",
    ),
    ({"kind": "bundle_price", "tiers": ((D(0), D(9)),), "scopes": (NewScope("part"),)}, "parts"),
    ({"kind": "buy_get", "tiers": ((D(0), D(100)),), "buy": D(2), "get": D(0)}, "get"),
    ({"kind": "buy_get", "tiers": ((D(0), D(100)),), "buy": D("1.5"), "get": D(1)}, "buy"),
    ({"kind": "gift", "tiers": ((D(0), D(1)),)}, "gift_product_id"),
    ({"kind": "gift", "tiers": ((D(0), D("0.5")),)}, "figure"),
    ({"scopes": (NewScope("get", brand="A"),)}, "get_scopes"),
    ({"scopes": (NewScope("except"),)}, "excluded"),
    ({"scopes": (NewScope("on", brand="x" * 81),)}, "scopes"),
    ({"scopes": tuple(NewScope("on", brand=f"b{n}") for n in range(201))}, "scopes"),
    ({"most_times": 3}, "most_times"),
    ({"most_uses": 0}, "most_uses"),
    ({"most_per_customer": 1_000_001}, "most_per_customer"),
    ({"most_amount": D(0)}, "most_amount"),
    ({"budget": D(-5)}, "budget"),
    ({"priority": 1001}, "priority"),
]


@pytest.mark.parametrize(("change", "field"), REFUSED)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_written(change: dict[str, Any], field: str) -> None:
    company = make_company()
    before = AuditEntry.objects.count()
    facts = {"name": "Obral", **PLAIN, **change}
    facts["tiers"] = tuple(facts["tiers"])

    with pytest.raises(Invalid) as refusal:
        create_promotion(company_id=company.pk, promotion=NewPromotion(**facts), by=SYSTEM, at=AT)

    told = {fault["field"] for fault in refusal.value.lines} or {refusal.value.field}
    assert field in told
    assert (Promotion.objects.count(), AuditEntry.objects.count()) == (0, before)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        make_promotion(make_company(), tiers=((D(0), D(150)),), most_uses=0, priority=5000)

    assert [fault["field"] for fault in refusal.value.lines] == ["figure", "most_uses", "priority"]


def test_days_run_forward_and_hours_hold_a_moment() -> None:
    company = make_company()

    with pytest.raises(DatesReversed):
        make_promotion(company, valid_from=DAY, valid_to=date(2026, 11, 23))
    with pytest.raises(HoursEmpty):
        make_promotion(company, weekdays=0)
    with pytest.raises(HoursEmpty):
        make_promotion(company, from_time=time(9), until_time=time(9))
    assert Promotion.objects.count() == 0


def test_another_companys_things_are_not_found() -> None:
    company, theirs = make_company(), make_company()
    product = make_product(theirs.pk)
    category = save_category(company_id=theirs.pk, name="Rahasia", by=SYSTEM, at=AT)
    customer = create_customer(company_id=theirs.pk, name="Toko lain", by=SYSTEM, at=AT)
    channel = keep_channel(company_id=theirs.pk, name="Lain", code="L", by=SYSTEM, at=AT)

    for scope in (NewScope(product_id=product.pk), NewScope(category_id=category.pk)):
        with pytest.raises(Invalid) as refusal:
            make_promotion(company, scopes=(scope,))
        assert refusal.value.field == "scopes"
    for named in ({"customer_id": customer.pk}, {"channel_id": channel}):
        with pytest.raises(NotFound):
            make_promotion(company, **named)
    with pytest.raises(Invalid) as refusal:
        make_promotion(company, kind="gift", tiers=((D(0), D(1)),), gift_product_id=product.pk)
    assert refusal.value.field == "gift_product_id"
    assert Promotion.objects.count() == 0


def test_a_salesperson_sees_promotions_and_changes_none_and_a_stranger_sees_none() -> None:
    company = make_company()
    seller, stranger = make_user(company, "salesperson"), make_user(make_company())
    made = make_promotion(company)
    other = NewPromotion(name="Lain", **PLAIN)

    with pytest.raises(Forbidden):
        make_promotion(company, by=seller)
    with pytest.raises(Forbidden):
        change_promotion(promotion_id=made.pk, promotion=other, by=seller, at=AT)
    with pytest.raises(Forbidden):
        archive_promotion(promotion_id=made.pk, by=seller, at=AT)
    for deed in (
        lambda: promotion_for(stranger, made.pk),
        lambda: change_promotion(promotion_id=made.pk, promotion=other, by=stranger, at=AT),
        lambda: archive_promotion(promotion_id=made.pk, by=stranger, at=AT),
    ):
        with pytest.raises(NotFound):
            deed()
    assert promotion_for(seller, made.pk).name == "Obral"
    assert list(promotions_for(stranger)) == []


def test_a_promotion_of_a_customer_is_hidden_from_who_may_not_see_them() -> None:
    company = make_company()
    customer = create_customer(company_id=company.pk, name="Toko Makmur", by=SYSTEM, at=AT)
    seller = make_user(company, "salesperson")

    made = make_promotion(company, customer_id=customer.pk)

    assert list(promotions_for(seller)) == []
    with pytest.raises(NotFound):
        promotion_for(seller, made.pk)


def test_a_change_says_all_anew_and_tells_what_was_before() -> None:
    company = make_company()
    made = make_promotion(company, scopes=(NewScope(brand="Nike"),))
    new = NewPromotion(name="Obral besar", kind="percent", tiers=((D(0), D(20)),), scopes=(NewScope(brand="Puma"),))

    changed = change_promotion(promotion_id=made.pk, promotion=new, by=SYSTEM, at=AT, expected_version=1)

    assert (changed.name, changed.version) == ("Obral besar", 2)
    assert PromotionScope.objects.get().brand == "Puma"
    assert PromotionTier.objects.get().figure == 20
    verbs = AuditEntry.objects.filter(subject_id=made.pk).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["create", "change", "set_parts"]
    told = AuditEntry.objects.get(verb="set_parts").data
    assert (told["before"][0]["figure"], told["after"][0]["figure"]) == ("10", "20")


def test_the_same_again_changes_nothing_and_parts_alone_make_a_new_version() -> None:
    made = make_promotion(make_company())
    same = NewPromotion(name="Obral", **PLAIN)

    for promotion, version in ((same, 1), (NewPromotion(name="Obral", kind="percent", tiers=((D(0), D(11)),)), 2)):
        changed = change_promotion(promotion_id=made.pk, promotion=promotion, by=SYSTEM, at=AT)
        assert changed.version == version

    assert AuditEntry.objects.filter(subject_id=made.pk, verb="set_parts").count() == 1


def test_somebody_elses_save_is_not_overwritten() -> None:
    made = make_promotion(make_company())
    change_promotion(promotion_id=made.pk, promotion=NewPromotion(name="Baru", **PLAIN), by=SYSTEM, at=AT)

    with pytest.raises(StaleVersion):
        change_promotion(
            promotion_id=made.pk, promotion=NewPromotion(name="Lain", **PLAIN), by=SYSTEM, at=AT, expected_version=1
        )

    assert Promotion.objects.get().name == "Baru"


def test_a_refused_change_leaves_everything_as_it_was() -> None:
    made = make_promotion(make_company(), scopes=(NewScope(brand="Nike"),))
    bad = NewPromotion(name="Lain", kind="percent", tiers=((D(0), D(500)),), scopes=())

    with pytest.raises(Invalid):
        change_promotion(promotion_id=made.pk, promotion=bad, by=SYSTEM, at=AT)

    kept = Promotion.objects.get()
    assert (kept.name, kept.version, kept.scopes.count(), kept.tiers.count()) == ("Obral", 1, 1, 1)


def test_an_archived_promotion_ends_at_once_and_can_come_back() -> None:
    company = make_company()
    coffee = make_product(company.pk, price=D(10_000))
    made = make_promotion(company)
    seen = [amounts(preview(company, (coffee, 1)))]

    archived = archive_promotion(promotion_id=made.pk, by=SYSTEM, at=AT)
    again = archive_promotion(promotion_id=made.pk, by=SYSTEM, at=AT)
    seen.append(amounts(preview(company, (coffee, 1))))
    restored = archive_promotion(promotion_id=made.pk, by=SYSTEM, at=AT, restore=True)
    seen.append(amounts(preview(company, (coffee, 1))))

    assert (archived.archived_at, again.version, restored.archived_at) == (AT, 2, None)
    assert seen == [[9_000], [10_000], [9_000]]


def test_the_next_document_sees_every_change() -> None:
    company = make_company()
    coffee = make_product(company.pk, price=D(10_000), brand="Kapal Api")
    seen = [amounts(preview(company, (coffee, 2)))]

    made = make_promotion(company, scopes=(NewScope(brand="Kapal Api"),))
    seen.append(amounts(preview(company, (coffee, 2))))
    for brand, figure in (("Kapal Api", 25), ("Torabika", 25)):
        new = NewPromotion(name="Obral", kind="percent", tiers=((D(0), D(figure)),), scopes=(NewScope(brand=brand),))
        change_promotion(promotion_id=made.pk, promotion=new, by=SYSTEM, at=AT)
        seen.append(amounts(preview(company, (coffee, 2))))

    assert seen == [[20_000], [18_000], [15_000], [20_000]]


def test_a_promotion_of_many_parts_costs_the_statements_of_a_small_one() -> None:
    company = make_company()
    counts = []
    for parts in (1, 150):
        scopes = tuple(NewScope(brand=f"Merek {n}") for n in range(parts))
        with CaptureQueriesContext(connection) as opened:
            made = make_promotion(company, scopes=scopes)
        new = NewPromotion(name="Lain", kind="percent", tiers=((D(0), D(20)),), scopes=scopes)
        with CaptureQueriesContext(connection) as changed:
            change_promotion(promotion_id=made.pk, promotion=new, by=SYSTEM, at=AT)
        counts.append((len(opened), len(changed)))

    assert counts[0] == counts[1]
    assert counts[0] == (9, 12)


def test_a_preview_asks_no_more_for_promotions_that_have_no_limit() -> None:
    company = make_company()
    products = [make_product(company.pk, price=D(10_000)) for _turn in range(20)]
    for turn in range(20):
        make_promotion(company, name=f"P{turn}", priority=turn, tiers=((D(0), D(1)),))
    preview(company, (products[0], 1))

    with CaptureQueriesContext(connection) as captured:
        preview(company, *[(product, 1) for product in products])

    assert len(captured) == 4  # with the branch and its facts


def test_a_gift_is_given_from_its_value_on_and_says_why() -> None:
    company = make_company()
    coffee, mug = make_product(company.pk, price=D(100_000)), make_product(company.pk, name="Cangkir", price=D(25_000))
    make_promotion(company, name="Cangkir gratis", kind="gift", tiers=((D(200_000), D(2)),), gift_product_id=mug.pk)

    small, large = preview(company, (coffee, 1)), preview(company, (coffee, 2))

    assert (amounts(small), amounts(large)) == ([100_000], [200_000, 0])
    assert (large.products[1].name, large.units[1], large.quantities[1]) == ("Cangkir", mug.unit.code, D(2))
    with override("en"):
        words = [(step.text, step.note) for step in explained_steps(large.priced.lines[1].explanation(), "IDR")]
        lost = [
            (step.text, step.struck, step.note) for step in explained_steps(small.priced.lines[0].explanation(), "IDR")
        ]
    assert ("“Cangkir gratis”: a gift, 50,000 less, leaves 0", "") in words
    assert ("Promotion “Cangkir gratis”", True, "value not reached") in lost
