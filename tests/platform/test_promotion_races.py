"""No coupon and no promotion is used beyond its limits, however many processes reach for it at once."""

import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from uuid import UUID

import pytest
from django.db import connection, transaction

from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.core.ids import new_id
from niaga.organization.access import SYSTEM
from niaga.pricing.errors import PromotionUsedUp
from niaga.pricing.models import Coupon, PromotionUsage, PromotionUse
from niaga.pricing.rules.new_promotion import NewPromotion
from niaga.pricing.services.change_promotion import change_promotion
from niaga.pricing.services.create_promotion import create_promotion
from niaga.pricing.services.make_coupons import make_coupons
from niaga.pricing.services.take_promotions import Taken, take_promotions
from tests.makers import NOW, World, make_customer, make_world
from tests.platform.test_races import PROCESSES, race
from tests.promises import broken_promises

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]

ATTEMPTS = 200
EACH = -(-ATTEMPTS // PROCESSES)


def opened(world: World, name: str, **terms: object) -> UUID:
    facts = NewPromotion(name=name, kind="percent", tiers=((Decimal(0), Decimal(10)),), **terms)  # type: ignore[arg-type]
    return create_promotion(company_id=world.company.id, promotion=facts, by=world.owner, at=NOW).id


def take(wanted: list[Taken], *, customer_id: UUID | None = None, source_id: UUID | None = None) -> UUID:
    """A document that becomes binding with these promotions, or without any that it had."""
    had = source_id is not None
    document = source_id or new_id()
    with transaction.atomic():
        batch = Batch()
        take_promotions(
            batch=batch, source_kind="order", source_id=document, number="", customer_id=customer_id, wanted=wanted,
            at=NOW, had=had,
        )  # fmt: skip
        batch.write()
    return document


def attempts(make: Callable[[], object]) -> int:
    """How many of a process's attempts are not refused."""
    done = 0
    for _turn in range(EACH):
        try:
            make()
        except PromotionUsedUp:
            continue
        done += 1
    return done


def test_a_coupon_wanted_two_hundred_times_with_a_cap_of_fifty_is_used_exactly_fifty_times():
    world = make_world()
    promotion, other = opened(world, "Merdeka", by_coupon=True), opened(world, "Lain", most_uses=1_000_000)
    coupon = make_coupons(promotion_id=promotion, codes=["MERDEKA"], most_uses=50, by=SYSTEM, at=NOW)[0]
    customers = [make_customer(world).id for _turn in range(PROCESSES)]
    both = [Taken(promotion, Decimal(1_000), coupon.id, coupon.code), Taken(other, Decimal(500))]

    def buy(place: int) -> int:
        wanted = both if place % 2 else both[::-1]
        return attempts(lambda: take(wanted, customer_id=customers[place]))

    said = race([partial(buy, place) for place in range(PROCESSES)])

    assert sum(map(int, said)) == 50, said
    assert Coupon.objects.get().uses == 50
    assert PromotionUse.objects.filter(coupon=coupon, released_at=None).count() == 50
    assert sum(use.amount for use in PromotionUse.objects.filter(promotion=promotion)) == 50_000
    assert PromotionUsage.objects.get(promotion=other).uses == 50
    assert broken_promises() == []


def test_a_budget_is_spent_to_the_last_rupiah_and_never_beyond():
    world = make_world()
    promotion = opened(world, "Anggaran", budget=Decimal(100_000))

    said = race([lambda: attempts(lambda: take([Taken(promotion, Decimal(2_500))])) for _turn in range(PROCESSES)])

    usage = PromotionUsage.objects.get()
    assert sum(map(int, said)) == 40, said
    assert (usage.uses, usage.amount) == (40, 100_000)
    assert broken_promises() == []


def test_one_customer_at_many_tills_gets_a_promotion_as_often_as_they_may():
    world = make_world()
    promotion = opened(world, "Tiga kali", most_per_customer=3)
    customer, others = make_customer(world).id, [make_customer(world).id for _turn in range(PROCESSES)]

    def buy(place: int) -> int:
        def once() -> None:
            take([Taken(promotion, Decimal(100))], customer_id=customer)

        mine = attempts(once)
        take([Taken(promotion, Decimal(100))], customer_id=others[place])
        return mine

    said = race([partial(buy, place) for place in range(PROCESSES)])

    assert sum(map(int, said)) == 3, said
    assert PromotionUse.objects.filter(customer_id=customer).count() == 3
    assert PromotionUsage.objects.get().uses == 3 + PROCESSES
    assert broken_promises() == []


def test_what_is_cancelled_meanwhile_can_be_used_by_others_and_the_count_stays_true():
    world = make_world()
    promotion = opened(world, "Lima puluh", most_uses=50, by_coupon=True)
    coupon = make_coupons(promotion_id=promotion, codes=["LIMA"], by=SYSTEM, at=NOW)[0]
    wanted = [Taken(promotion, Decimal(700), coupon.id, coupon.code)]

    def buy_and_cancel() -> int:
        held = 0
        for turn in range(EACH):
            try:
                document = take(wanted)
            except PromotionUsedUp:
                continue
            if turn % 2:
                take([], source_id=document)
            else:
                held += 1
        return held

    said = race([buy_and_cancel for _turn in range(PROCESSES)])

    usage, live = PromotionUsage.objects.get(), PromotionUse.objects.filter(released_at=None).count()
    assert sum(map(int, said)) == live == usage.uses == Coupon.objects.get().uses <= 50
    assert usage.amount == 700 * live
    assert broken_promises() == []


def test_a_limit_that_is_lowered_while_it_is_used_never_lies_below_what_is_used():
    world = make_world()
    promotion = opened(world, "Turun", most_uses=ATTEMPTS)

    def lower() -> int:
        lowest = ATTEMPTS
        for most in range(ATTEMPTS, 0, -5):
            facts = NewPromotion(name="Turun", kind="percent", tiers=((Decimal(0), Decimal(10)),), most_uses=most)
            try:
                change_promotion(promotion_id=promotion, promotion=facts, by=SYSTEM, at=NOW)
            except Invalid:
                break
            lowest = most
        return lowest

    buyers = [lambda: attempts(lambda: take([Taken(promotion, Decimal(1))])) for _turn in range(PROCESSES - 1)]
    *sold, lowest = race([*buyers, lower])

    assert sum(map(int, sold)) == PromotionUsage.objects.get().uses <= int(lowest)
    assert broken_promises() == []


def test_a_first_limit_that_is_set_while_it_is_used_counts_every_use():
    world = make_world()
    promotion = opened(world, "Tanpa batas")
    most = ATTEMPTS * PROCESSES // 2

    def limit() -> int:
        facts = NewPromotion(name="Tanpa batas", kind="percent", tiers=((Decimal(0), Decimal(10)),), most_uses=most)
        change_promotion(promotion_id=promotion, promotion=facts, by=SYSTEM, at=NOW)
        return 0

    buyers = [lambda: attempts(lambda: take([Taken(promotion, Decimal(1))])) for _turn in range(PROCESSES - 1)]
    sold = race([*buyers, limit])

    assert sum(map(int, sold)) == PromotionUsage.objects.get().uses <= most
    assert broken_promises() == []


def test_those_who_use_a_promotion_without_limits_do_not_wait_for_each_other():
    world = make_world()
    promotion = opened(world, "Tanpa batas")

    def slowly() -> int:
        """Holds what it locked for longer than the others wait for it."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '1s'")
            take([Taken(promotion, Decimal(1))])
            time.sleep(4)
        return 0

    said = race([slowly for _turn in range(3)])

    assert said == ["0", "0", "0"]
    assert PromotionUse.objects.count() == 3
    assert broken_promises() == []
