"""A promotion that is prepared aside: published now or at its moment, and taken back."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from niaga.catalog.tests.makers import make_company, make_user
from niaga.core.errors import Forbidden, Invalid, NotFound
from niaga.messaging.models import Notice
from niaga.organization.tests.makers import AT
from niaga.pricing.errors import CannotHold, ChangedSince, ListChanged, NeverPublished, NothingPrepared
from niaga.pricing.models import PriceChange, Promotion, PromotionTier, PromotionUsage, Publication
from niaga.pricing.queries.rule_book import read_book
from niaga.pricing.rules.new_promotion import NewScope
from niaga.pricing.services.archive_promotion import archive_promotion
from niaga.pricing.services.change_entries import change_entries
from niaga.pricing.services.change_promotion import change_promotion
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
from niaga.pricing.tests.changes import HOW, new, prepared
from niaga.pricing.tests.makers import make_price_list, make_promotion

pytestmark = pytest.mark.django_db
D = Decimal
LATER = AT + timedelta(hours=20)


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


def test_a_prepared_promotion_whose_change_was_discarded_is_brought_into_force_by_another() -> None:
    company = make_company()
    first = prepared(company, new())
    discard_change(change_id=first.pk, **HOW)

    second = prepare_promotion_change(promotion_id=first.subject_id, name="Lagi", **HOW)
    publish_change(change_id=second.pk, **HOW)

    assert in_force(company) == {"Obral"}
