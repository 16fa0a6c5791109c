"""A change that is prepared aside, published now or at its moment, and taken back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from niaga.catalog.tests.makers import make_company, make_product, make_user
from niaga.core.errors import Forbidden, NotFound, StaleVersion, WrongState
from niaga.core.models import AuditEntry
from niaga.messaging.models import Notice
from niaga.organization.access import SYSTEM
from niaga.organization.tests.makers import AT
from niaga.pricing.errors import (
    BadPrices,
    CannotHold,
    ChangedSince,
    ListChanged,
    MomentPassed,
    NeverPublished,
    NothingPrepared,
    NothingToRollBack,
)
from niaga.pricing.models import PriceChange, PriceList, PriceListEntry, PriceListRule, Publication, RuleBookVersion
from niaga.pricing.services.archive_price_list import archive_price_list
from niaga.pricing.services.change_entries import change_entries
from niaga.pricing.services.change_heads import change_heads
from niaga.pricing.services.change_price_list import change_price_list
from niaga.pricing.services.change_rules import change_rules
from niaga.pricing.services.discard_change import discard_change
from niaga.pricing.services.prepare_change import prepare_change
from niaga.pricing.services.prepare_list import prepare_list
from niaga.pricing.services.publish_at_its_moment import publish_due
from niaga.pricing.services.publish_change import publish_change
from niaga.pricing.services.review_change import review_change
from niaga.pricing.services.roll_back import roll_back
from niaga.pricing.services.schedule_change import schedule_change
from niaga.pricing.services.set_prices import NewPrice, set_prices
from niaga.pricing.services.set_rules import NewRule, set_rules
from niaga.pricing.services.unschedule_change import unschedule_change
from niaga.pricing.tests.makers import make_price_list

pytestmark = pytest.mark.django_db
D = Decimal
HOW: dict[str, Any] = {"by": SYSTEM, "at": AT}
LATER = AT + timedelta(hours=20)


def make_change(price_list: PriceList, prices: dict[Any, int | None], **how: Any) -> PriceChange:
    how = {**HOW, **how}
    change = prepare_change(price_list_id=price_list.pk, name="Harga Desember", **how)
    rows = [NewPrice(None if price is None else D(price), product.pk) for product, price in prices.items()]
    change_entries(change_id=change.pk, prices=rows, **how)
    return PriceChange.objects.get(pk=change.pk)


def prices_in(price_list: PriceList) -> dict[UUID, Decimal]:
    return dict(PriceListEntry.objects.filter(price_list=price_list).values_list("product_id", "price"))


def book_version(company: Any) -> UUID:
    return RuleBookVersion.objects.get(company=company).version


def test_what_is_prepared_holds_for_nobody_until_it_is_published() -> None:
    company = make_company()
    coffee, sugar, tea = (make_product(company.pk, name=name) for name in ("Kopi", "Gula", "Teh"))
    prices = make_price_list(company, {(coffee, 0): 95000, (sugar, 0): 740000})
    before, version = prices_in(prices), book_version(company)

    change = make_change(prices, {coffee: 97000, sugar: None, tea: 40000})
    change_heads(change_id=change.pk, priority=5, name="Grosir Jatim", **HOW)
    change_rules(change_id=change.pk, rules=[NewRule("price", percent=D(-10))], **HOW)
    untouched = (prices_in(prices), book_version(company), PriceList.objects.get().priority)
    done = publish_change(change_id=change.pk, note="Kenaikan bahan baku", **HOW)

    assert untouched == (before, version, 0)
    assert prices_in(prices) == {coffee.pk: D(97000), tea.pk: D(40000)}
    assert PriceList.objects.get().priority == 5
    assert [rule.percent for rule in PriceListRule.objects.all()] == [D(-10)]
    assert book_version(company) != version
    assert PriceChange.objects.get().status == "published"
    assert (done.kind, done.note, done.heads, done.change_id) == (
        "change", "Kenaikan bahan baku", {"priority": [0, 5]}, change.pk,
    )  # fmt: skip
    assert dict(zip(done.products, zip(done.before, done.after, strict=True), strict=True)) == {
        coffee.pk: (D(95000), D(97000)), sugar.pk: (D(740000), None), tea.pk: (None, D(40000)),
    }  # fmt: skip
    assert done.subject_version == PriceList.objects.get().version == prices.version + 1
    assert AuditEntry.objects.filter(subject_id=prices.pk, verb="publish").count() == 1


def test_a_new_list_is_prepared_aside_and_comes_into_force_by_its_first_publication() -> None:
    company = make_company()
    coffee = make_product(company.pk)

    change = prepare_list(company_id=company.pk, code="LEBARAN", name="Lebaran", **HOW)
    change_entries(change_id=change.pk, prices=[NewPrice(D(90000), coffee.pk)], **HOW)
    made = PriceList.objects.get()
    with pytest.raises(NeverPublished):
        archive_price_list(price_list_id=made.pk, restore=True, **HOW)
    publish_change(change_id=change.pk, **HOW)

    assert (made.unpublished, made.archived_at) == (True, AT)
    assert (PriceList.objects.get().unpublished, PriceList.objects.get().archived_at) == (False, None)
    assert prices_in(made) == {coffee.pk: D(90000)}


def test_only_what_differs_is_kept_and_what_is_the_lists_own_takes_itself_out() -> None:
    company = make_company()
    coffee, sugar = make_product(company.pk), make_product(company.pk, name="Gula")
    prices = make_price_list(company, {(coffee, 0): 95000, (sugar, 0): 740000})
    change = make_change(prices, {coffee: 97000, sugar: 740000})

    assert change.entries.count() == 1
    left = change_entries(change_id=change.pk, prices=[NewPrice(D(95000), coffee.pk)], **HOW)

    assert left == 0
    with pytest.raises(NothingPrepared):
        publish_change(change_id=change.pk, **HOW)


def test_replacing_takes_away_every_price_that_is_not_named() -> None:
    company = make_company()
    coffee, sugar = make_product(company.pk), make_product(company.pk, name="Gula")
    prices = make_price_list(company, {(coffee, 0): 95000, (sugar, 0): 740000})
    change = prepare_change(price_list_id=prices.pk, name="Baru", **HOW)

    change_entries(change_id=change.pk, prices=[NewPrice(D(91000), coffee.pk)], replace=True, **HOW)
    publish_change(change_id=change.pk, **HOW)

    assert prices_in(prices) == {coffee.pk: D(91000)}


def test_a_list_that_somebody_changed_is_looked_at_again_before_it_is_published() -> None:
    company = make_company()
    coffee, sugar = make_product(company.pk, name="Kopi"), make_product(company.pk, name="Gula")
    prices = make_price_list(company, {(coffee, 0): 95000, (sugar, 0): 740000})
    change = make_change(prices, {coffee: 97000, sugar: 750000})
    set_prices(price_list_id=prices.pk, prices=[NewPrice(D(96000), coffee.pk)], **HOW)

    with pytest.raises(ListChanged) as refusal:
        publish_change(change_id=change.pk, **HOW)
    assert [line["message"] for line in refusal.value.lines] == ["Kopi"]
    assert prices_in(prices)[coffee.pk] == D(96000)

    review_change(change_id=change.pk, **HOW)
    done = publish_change(change_id=change.pk, **HOW)
    assert dict(zip(done.products, done.before, strict=True)) == {coffee.pk: D(96000), sugar.pk: D(740000)}
    assert prices_in(prices) == {coffee.pk: D(97000), sugar.pk: D(750000)}


def test_at_its_moment_a_change_is_published_once_and_not_before() -> None:
    company = make_company()
    owner, coffee = make_user(company), make_product(company.pk)
    prices = make_price_list(company, {(coffee, 0): 95000})
    change = make_change(prices, {coffee: 97000})
    schedule_change(change_id=change.pk, publish_at=LATER, by=owner, at=AT)

    early = publish_due(at=LATER - timedelta(seconds=1))
    held = prices_in(prices)
    first, second = publish_due(at=LATER), publish_due(at=LATER)

    assert (early, held, first, second) == (0, {coffee.pk: D(95000)}, 1, 0)
    assert prices_in(prices) == {coffee.pk: D(97000)}
    assert Publication.objects.get(kind="change").by == owner.pk


def test_a_change_elsewhere_in_the_list_does_not_stand_in_the_way_of_a_moment() -> None:
    company = make_company()
    coffee, sugar = make_product(company.pk), make_product(company.pk, name="Gula")
    prices = make_price_list(company, {(coffee, 0): 95000, (sugar, 0): 740000})
    change = make_change(prices, {coffee: 97000})
    schedule_change(change_id=change.pk, publish_at=LATER, **HOW)
    set_prices(price_list_id=prices.pk, prices=[NewPrice(D(730000), sugar.pk)], **HOW)

    assert publish_due(at=LATER) == 1
    assert prices_in(prices) == {coffee.pk: D(97000), sugar.pk: D(730000)}


def test_what_can_no_longer_hold_at_its_moment_is_blocked_the_bell_rings_and_what_held_goes_on() -> None:
    company = make_company()
    owner = make_user(company)
    coffee, sugar = make_product(company.pk), make_product(company.pk, name="Gula")
    base = make_price_list(company, name="Dasar")
    prices = make_price_list(company, {(coffee, 0): 95000})
    circular = prepare_change(price_list_id=prices.pk, name="Melingkar", by=owner, at=AT)
    change_rules(change_id=circular.pk, rules=[NewRule("list", base.pk, percent=D(-5))], by=owner, at=AT)
    touched = make_change(prices, {coffee: 97000}, by=owner)
    gone = make_change(prices, {sugar: 750000}, by=owner)
    for place, change in enumerate((circular, touched, gone)):
        schedule_change(change_id=change.pk, publish_at=LATER + timedelta(minutes=place), by=owner, at=AT)
    set_rules(price_list_id=base.pk, rules=[NewRule("list", prices.pk)], **HOW)
    set_prices(price_list_id=prices.pk, prices=[NewPrice(D(96000), coffee.pk)], **HOW)
    sugar.delete()
    before = prices_in(prices)

    done = publish_due(at=LATER + timedelta(hours=1))

    assert done == 0
    assert prices_in(prices) == before == {coffee.pk: D(96000)}
    assert PriceListRule.objects.filter(price_list=prices).count() == 0
    assert set(PriceChange.objects.values_list("status", flat=True)) == {"blocked"}
    assert Notice.objects.filter(user_id=owner.pk, subject_kind="price_change").count() == 3
    codes = dict(AuditEntry.objects.filter(verb="block").values_list("subject_id", "data__code"))
    assert codes == {circular.pk: "cannot_hold", touched.pk: "list_changed", gone.pk: "cannot_hold"}


def test_an_archived_base_blocks_too_and_a_person_can_publish_when_it_is_back() -> None:
    company = make_company()
    base = make_price_list(company, name="Dasar")
    prices = make_price_list(company)
    change = prepare_change(price_list_id=prices.pk, name="Turunan", **HOW)
    change_rules(change_id=change.pk, rules=[NewRule("list", base.pk)], **HOW)
    schedule_change(change_id=change.pk, publish_at=LATER, **HOW)
    archive_price_list(price_list_id=base.pk, **HOW)

    publish_due(at=LATER)
    with override("en"), pytest.raises(CannotHold) as refusal:
        publish_change(change_id=change.pk, **HOW)
    archive_price_list(price_list_id=base.pk, restore=True, **HOW)
    publish_change(change_id=change.pk, **HOW)

    assert refusal.value.lines == [{"field": "rules", "message": "Formula 1: There is no such price list."}]
    assert PriceListRule.objects.get().base_list_id == base.pk


def test_a_moment_that_passed_is_refused_and_one_ahead_can_be_taken_back() -> None:
    company = make_company()
    coffee = make_product(company.pk)
    change = make_change(make_price_list(company, {(coffee, 0): 95000}), {coffee: 97000})

    with pytest.raises(MomentPassed):
        schedule_change(change_id=change.pk, publish_at=AT, **HOW)
    schedule_change(change_id=change.pk, publish_at=LATER, **HOW)
    with pytest.raises(WrongState):
        change_entries(change_id=change.pk, prices=[NewPrice(D(1), coffee.pk)], **HOW)
    unschedule_change(change_id=change.pk, **HOW)

    assert publish_due(at=LATER) == 0
    assert PriceChange.objects.get().status == "draft"


def test_the_author_who_lost_the_right_publishes_nothing_at_the_moment() -> None:
    company = make_company()
    owner, coffee = make_user(company), make_product(company.pk)
    prices = make_price_list(company, {(coffee, 0): 95000})
    change = make_change(prices, {coffee: 97000})
    schedule_change(change_id=change.pk, publish_at=LATER, by=owner, at=AT)
    owner.is_active = False
    owner.save(update_fields=["is_active"])

    assert publish_due(at=LATER) == 0
    assert PriceChange.objects.get().status == "blocked"
    assert prices_in(prices) == {coffee.pk: D(95000)}


def test_rolling_back_is_a_publication_the_other_way_and_both_stay_in_history() -> None:
    company = make_company()
    coffee, sugar, tea = (make_product(company.pk, name=name) for name in ("Kopi", "Gula", "Teh"))
    prices = make_price_list(company, {(coffee, 0): 95000, (sugar, 0): 740000})
    set_rules(price_list_id=prices.pk, rules=[NewRule("price", percent=D(-3), round_to=D(500))], **HOW)
    change = make_change(prices, {coffee: 97000, sugar: None, tea: 40000})
    change_heads(change_id=change.pk, priority=5, **HOW)
    change_rules(change_id=change.pk, rules=[NewRule("price", percent=D(-10))], **HOW)
    done = publish_change(change_id=change.pk, **HOW)

    back = roll_back(publication_id=done.pk, note="Salah hitung", **HOW)

    assert prices_in(prices) == {coffee.pk: D(95000), sugar.pk: D(740000)}
    assert PriceList.objects.get().priority == 0
    assert [(rule.percent, rule.round_to) for rule in PriceListRule.objects.all()] == [(D(-3), D(500))]
    assert (back.kind, back.reverses_id, back.note) == ("rollback", done.pk, "Salah hitung")
    with pytest.raises(NothingToRollBack):
        roll_back(publication_id=done.pk, **HOW)
    roll_back(publication_id=back.pk, **HOW)
    assert prices_in(prices) == {coffee.pk: D(97000), tea.pk: D(40000)}


def test_what_later_changes_touch_is_named_and_rolled_back_only_when_that_is_confirmed() -> None:
    company = make_company()
    coffee, sugar = make_product(company.pk, name="Kopi"), make_product(company.pk, name="Gula")
    prices = make_price_list(company, {(coffee, 0): 95000, (sugar, 0): 740000})
    done = publish_change(change_id=make_change(prices, {coffee: 97000, sugar: 750000}).pk, **HOW)
    set_prices(price_list_id=prices.pk, prices=[NewPrice(D(99000), coffee.pk)], **HOW)

    with pytest.raises(ChangedSince) as refusal:
        roll_back(publication_id=done.pk, **HOW)
    untouched = prices_in(prices)
    back = roll_back(publication_id=done.pk, over_later_changes=True, **HOW)

    assert [line["message"] for line in refusal.value.lines] == ["Kopi"]
    assert untouched == {coffee.pk: D(99000), sugar.pk: D(750000)}
    assert prices_in(prices) == {coffee.pk: D(95000), sugar.pk: D(740000)}
    assert dict(zip(back.products, back.before, strict=True))[coffee.pk] == D(99000)


def test_the_quick_ways_are_in_the_same_history_and_can_be_rolled_back() -> None:
    company = make_company()
    coffee = make_product(company.pk)
    prices = make_price_list(company, {(coffee, 0): 95000})

    set_prices(price_list_id=prices.pk, prices=[NewPrice(D(99000), coffee.pk)], **HOW)
    change_price_list(price_list_id=prices.pk, priority=3, **HOW)
    set_rules(price_list_id=prices.pk, rules=[NewRule("price", percent=D(-1))], **HOW)
    archive_price_list(price_list_id=prices.pk, **HOW)
    made = list(Publication.objects.order_by("-id"))
    for one in made[:4]:
        roll_back(publication_id=one.pk, **HOW)

    assert [one.kind for one in made] == ["edit"] * 5
    found = PriceList.objects.get()
    assert (prices_in(prices), found.priority, found.archived_at) == ({coffee.pk: D(95000)}, 0, None)
    assert PriceListRule.objects.count() == 0
    assert found.version == made[0].subject_version + 4


def test_publications_never_change() -> None:
    company = make_company()
    coffee = make_product(company.pk)
    make_price_list(company, {(coffee, 0): 95000})

    with pytest.raises(DatabaseError), transaction.atomic():
        Publication.objects.update(note="Lain")


def test_somebody_elses_save_of_a_change_is_not_overwritten_and_a_discarded_one_is_closed() -> None:
    company = make_company()
    coffee = make_product(company.pk)
    change = make_change(make_price_list(company, {(coffee, 0): 95000}), {coffee: 97000})

    with pytest.raises(StaleVersion):
        change_heads(change_id=change.pk, priority=1, expected_version=change.version - 1, **HOW)
    with pytest.raises(BadPrices):
        change_entries(change_id=change.pk, prices=[NewPrice(D(-1), coffee.pk)], **HOW)
    discard_change(change_id=change.pk, **HOW)
    with pytest.raises(WrongState):
        publish_change(change_id=change.pk, **HOW)

    assert PriceChange.objects.get().heads == {}


def test_a_salesperson_prepares_and_publishes_nothing_and_a_stranger_finds_nothing() -> None:
    company = make_company()
    coffee, salesperson = make_product(company.pk), make_user(company, "salesperson")
    prices = make_price_list(company, {(coffee, 0): 95000})
    change = make_change(prices, {coffee: 97000})
    done = Publication.objects.get()

    for deed in (
        lambda by: prepare_change(price_list_id=prices.pk, name="Baru", by=by, at=AT),
        lambda by: publish_change(change_id=change.pk, by=by, at=AT),
        lambda by: schedule_change(change_id=change.pk, publish_at=LATER, by=by, at=AT),
        lambda by: discard_change(change_id=change.pk, by=by, at=AT),
        lambda by: roll_back(publication_id=done.pk, by=by, at=AT),
    ):
        with pytest.raises(Forbidden):
            deed(salesperson)
        with pytest.raises(NotFound):
            deed(make_user(make_company()))
    assert prices_in(prices) == {coffee.pk: D(95000)}


def test_a_thousand_prices_are_published_in_the_statements_of_one() -> None:
    company = make_company()
    coffee = make_product(company.pk)
    prices = make_price_list(company)

    counts = []
    for rows in (1, 1000):
        change = prepare_change(price_list_id=prices.pk, name="Baru", **HOW)
        new = [NewPrice(D(90000 - n), coffee.pk, min_quantity=D(n + rows)) for n in range(rows)]
        change_entries(change_id=change.pk, prices=new, **HOW)
        with CaptureQueriesContext(connection) as captured:
            publish_change(change_id=change.pk, **HOW)
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 14, [one["sql"][:90] for one in captured]
