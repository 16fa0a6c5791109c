"""The programme, its tiers and members: who may change what, and what is refused."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from niaga.core.errors import Forbidden, Invalid, NotFound, Refusal, StaleVersion, WrongState
from niaga.core.models import AuditEntry
from niaga.organization.services.tracked import AlreadyTaken
from niaga.pricing.errors import TierInUse, TooFewPoints
from niaga.pricing.models import LoyaltyProgramme, LoyaltyTier, PointsAccount, PointsEntry, PointsLot, TierChange
from niaga.pricing.queries.loyalty import members_for, points_standing
from niaga.pricing.rules.new_promotion import NewScope
from niaga.pricing.services.adjust_points import adjust_points
from niaga.pricing.services.archive_tier import archive_tier
from niaga.pricing.services.end_tiers import end_tiers
from niaga.pricing.services.join_programme import join_programme
from niaga.pricing.services.save_tier import save_tier
from niaga.pricing.services.set_programme import NewProgramme, set_programme
from niaga.pricing.services.set_tier import set_tier
from niaga.pricing.tests.makers import make_price_list, make_programme, make_tier
from tests.makers import NOW, make_customer, make_product, make_user, make_world

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def say(world: Any, *, by: Any = None, version: int | None = None, **facts: Any) -> LoyaltyProgramme:
    return set_programme(
        company_id=world.company.id, programme=NewProgramme(**{"name": "Poin", **facts}), by=by or world.owner, at=NOW,
        expected_version=version,
    )  # fmt: skip


def give(world: Any, customer: Any, points: int, *, at: Any = NOW) -> PointsAccount:
    return adjust_points(customer_id=customer.id, points=points, reason="Hadiah", by=world.owner, at=at)


def fields(refusal: Refusal) -> set[Any]:
    return {line["field"] for line in refusal.lines} or {refusal.field}


def test_a_programme_is_said_anew_with_its_exclusions_and_audited():
    world = make_world()
    coffee = make_product(world)

    first = say(world, excluded=(NewScope(product_id=coffee.id), NewScope(brand="Kapal")), per_amount=Decimal(5000))
    same = say(world, excluded=(NewScope(product_id=coffee.id), NewScope(brand="Kapal")), per_amount=Decimal(5000))
    other = say(world, version=1, point_value=Decimal(50))

    assert (first.version, same.version, other.version) == (1, 1, 2)
    assert (other.exclusions.count(), other.point_value, other.currency) == (0, 50, "IDR")
    verbs = AuditEntry.objects.filter(subject_id=first.id).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["create", "set_parts", "change", "set_parts"]
    with pytest.raises(StaleVersion):
        say(world, version=1)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"points": 0}, "points"), ({"per_amount": Decimal(0)}, "per_amount"),
        ({"point_value": Decimal(-1)}, "point_value"), ({"most_percent": Decimal(101)}, "most_percent"),
        ({"most_percent": Decimal("0.0000001")}, "most_percent"), ({"most_percent": Decimal("-1e40")}, "most_percent"),
        ({"step_points": 0}, "step_points"), ({"expires_after": 0}, "expires_after"),
        ({"excluded": (NewScope(),)}, "excluded"), ({"welcome_points": -1}, "welcome_points"),
        ({"valid_from": date(2026, 12, 2), "valid_to": date(2026, 12, 1)}, "valid_to"),
    ],
)  # fmt: skip
def test_what_a_programme_cannot_be_is_refused_at_its_field_and_nothing_is_written(facts: Any, field: str):
    world = make_world()

    with pytest.raises(Invalid) as refused:
        say(world, **facts)

    assert fields(refused.value) == {field}
    assert LoyaltyProgramme.objects.count() == 0


def test_a_salesperson_sees_points_but_changes_none():
    world = make_world()
    seller = make_user(world.company, "salesperson")
    customer = make_customer(world, salesperson_id=seller.id)
    make_programme(world.company)
    give(world, customer, 40)

    with pytest.raises(Forbidden):
        say(world, by=seller)
    with pytest.raises(Forbidden):
        adjust_points(customer_id=customer.id, points=5, reason="x", by=seller, at=NOW)
    with pytest.raises(Forbidden):
        set_tier(customer_id=customer.id, tier_id=None, until=None, reason="x", by=seller, at=NOW)

    standing = points_standing(seller, customer.id, TODAY)
    assert standing is not None
    assert (standing.usable, standing.account.balance) == (40, 40)
    with pytest.raises(NotFound):
        points_standing(seller, make_customer(world).id, TODAY)
    assert members_for(seller).count() == 1


def test_points_by_hand_need_a_reason_and_never_go_below_nought():
    world = make_world()
    customer = make_customer(world)
    with pytest.raises(Invalid):
        give(world, customer, 10)  # no programme yet
    make_programme(world.company, welcome_points=5)
    give(world, customer, 10)

    for points, reason, error in ((-16, "x", TooFewPoints), (3, " ", Invalid), (0, "x", Invalid)):
        with pytest.raises(error):
            adjust_points(customer_id=customer.id, points=points, reason=reason, by=world.owner, at=NOW)

    account = give(world, customer, -15)
    assert account.balance == 0
    rows = PointsEntry.objects.order_by("at", "id").values_list("kind", "points", "reason")
    assert list(rows) == [("welcome", 5, ""), ("adjust", 10, "Hadiah"), ("adjust", -15, "Hadiah")]


def test_who_joins_gets_the_welcome_points_and_the_first_tier_once():
    world = make_world()
    customer = make_customer(world)
    with pytest.raises(WrongState):
        join_programme(customer_id=customer.id, by=world.owner, at=NOW)
    make_programme(world.company, welcome_points=50, expires_after=2)
    member = make_tier(world.company, "Anggota", 0)

    for _turn in range(2):
        account = join_programme(customer_id=customer.id, by=world.owner, at=NOW)

    assert (account.balance, account.tier_id) == (50, member.id)
    assert list(PointsLot.objects.values_list("points", "expires_on")) == [(50, date(2027, 1, 23))]


def test_who_becomes_a_member_by_hand_gets_the_welcome_points_and_the_first_tier_too():
    world = make_world()
    by_points, by_tier = make_customer(world), make_customer(world)
    make_programme(world.company, welcome_points=50)
    member, gold = make_tier(world.company, "Anggota", 0), make_tier(world.company, "Emas", 100)

    given = give(world, by_points, 10)
    raised = set_tier(
        customer_id=by_tier.id, tier_id=gold.id, until=date(2026, 12, 1), reason="Mitra", by=world.owner, at=NOW
    )
    again = give(world, by_points, 10)

    assert (given.balance, given.tier_id, given.tier_by_hand) == (60, member.id, False)
    assert (raised.balance, raised.tier_id, raised.tier_by_hand) == (50, gold.id, True)
    assert (again.balance, TierChange.objects.filter(account=again).count()) == (70, 1)


def test_the_database_keeps_entries_as_they_are():
    world = make_world()
    make_programme(world.company)
    give(world, make_customer(world), 10)

    for change in (lambda: PointsEntry.objects.update(points=99), lambda: PointsEntry.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()

    assert PointsEntry.objects.get().points == 10


def test_tiers_have_a_name_and_a_threshold_of_their_own():
    world = make_world()
    gold = make_tier(world.company, "Emas", 100)

    for name, threshold, field in (("Emas", 200, "name"), ("Perak", 100, "threshold")):
        with pytest.raises(AlreadyTaken) as taken:
            make_tier(world.company, name, threshold)
        assert taken.value.field == field
    with pytest.raises(Invalid):
        make_tier(world.company, "Perak", 5, multiplier=Decimal(0))
    with pytest.raises(Invalid):
        make_tier(world.company, "Perak", 5, multiplier=Decimal("1e40"))

    more = {"company_id": world.company.id, "by": world.owner, "at": NOW}
    changed = save_tier(name="Emas", threshold=150, tier_id=gold.id, expected_version=1, **more)
    assert (changed.threshold, changed.version, LoyaltyTier.objects.count()) == (150, 2, 1)
    with pytest.raises(StaleVersion):
        save_tier(name="Emas", threshold=151, tier_id=gold.id, expected_version=1, **more)


def test_a_tier_by_hand_holds_until_its_day_and_then_points_have_the_say():
    world = make_world()
    customer = make_customer(world)
    make_programme(world.company)
    gold = make_tier(world.company, "Emas", 100)
    with pytest.raises(Invalid) as refused:
        set_tier(customer_id=customer.id, tier_id=gold.id, until=None, reason="Mitra", by=world.owner, at=NOW)

    account = set_tier(
        customer_id=customer.id, tier_id=gold.id, until=date(2026, 12, 1), reason="Mitra", by=world.owner, at=NOW
    )

    assert refused.value.field == "until"
    assert (account.tier_id, account.tier_by_hand) == (gold.id, True)
    assert end_tiers(at=NOW + timedelta(days=8)) == 0
    assert [end_tiers(at=NOW + timedelta(days=9)) for _turn in range(2)] == [1, 0]
    account.refresh_from_db()
    assert (account.tier_id, account.tier_until, account.tier_by_hand) == (None, None, False)
    told = TierChange.objects.order_by("at").values_list("tier_id", "before_id", "by_hand", "reason")
    assert list(told) == [(gold.id, None, True, "Mitra"), (None, gold.id, False, "")]


def test_a_tier_that_prices_are_made_for_is_not_ended():
    world = make_world()
    make_programme(world.company)
    gold = make_tier(world.company, "Emas", 0)
    customer = make_customer(world)
    join_programme(customer_id=customer.id, by=world.owner, at=NOW)
    prices = make_price_list(world.company, tier_id=gold.id)

    with pytest.raises(TierInUse):
        archive_tier(company_id=world.company.id, tier_id=gold.id, by=world.owner, at=NOW)
    prices.archived_at = NOW
    prices.save()
    archive_tier(company_id=world.company.id, tier_id=gold.id, by=world.owner, at=NOW)
    end_tiers(at=NOW)

    assert PointsAccount.objects.get(customer=customer).tier_id is None
