"""Publications of prices by many hands at once: real processes, each with its own connection."""

import os
import signal
import time
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import orjson
import pytest
from django.db import connections, transaction

from niaga.core.models import AuditEntry
from niaga.organization.access import SYSTEM
from niaga.organization.queries.document_context import document_context
from niaga.pricing.models import PriceChange, PriceListEntry, PriceListRule, Publication
from niaga.pricing.queries.price_preview import WantedLine, price_preview
from niaga.pricing.services import publish_at_its_moment as worker
from niaga.pricing.services.change_entries import change_entries
from niaga.pricing.services.change_heads import change_heads
from niaga.pricing.services.change_rules import change_rules
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.prepare_change import prepare_change
from niaga.pricing.services.publish_change import publish_change
from niaga.pricing.services.roll_back import roll_back
from niaga.pricing.services.schedule_change import schedule_change
from niaga.pricing.services.set_prices import NewPrice, set_prices
from niaga.pricing.services.set_rules import NewRule
from tests.makers import NOW, World, make_product, make_world
from tests.platform.test_races import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]
LATER = NOW + timedelta(hours=1)


def make_list(world: World, prices: dict[UUID, int], **facts: object) -> UUID:
    made = create_price_list(company_id=world.company.id, by=SYSTEM, at=NOW, code=str(len(prices)), **facts)  # type: ignore[arg-type]
    rows = [NewPrice(Decimal(price), product_id) for product_id, price in prices.items()]
    if rows:
        set_prices(price_list_id=made.id, prices=rows, by=SYSTEM, at=NOW)
    return made.id


def make_change(price_list_id: UUID, prices: dict[UUID, int]) -> UUID:
    change = prepare_change(price_list_id=price_list_id, name="Desember", by=SYSTEM, at=NOW)
    if prices:
        rows = [NewPrice(Decimal(price), product_id) for product_id, price in prices.items()]
        change_entries(change_id=change.id, prices=rows, by=SYSTEM, at=NOW)
    return change.id


def test_many_workers_publish_a_change_at_its_moment_once() -> None:
    world = make_world()
    coffee = make_product(world)
    prices = make_list(world, {coffee.id: 95_000}, name="Grosir")
    change = make_change(prices, {coffee.id: 97_000})
    schedule_change(change_id=change, publish_at=LATER, by=SYSTEM, at=NOW)

    said = race([lambda: worker.publish_due(at=LATER)] * 6)

    assert sorted(said) == ["0"] * 5 + ["1"]
    assert Publication.objects.filter(kind="change").count() == 1
    assert AuditEntry.objects.filter(subject_id=prices, verb="publish").count() == 1
    assert PriceListEntry.objects.get().price == Decimal(97_000)


def test_of_two_publications_that_would_stand_on_each_other_one_holds() -> None:
    world = make_world()
    coffee = make_product(world)
    first = make_list(world, {}, name="Satu")
    second = make_list(world, {coffee.id: 95_000}, name="Dua")
    changes = [make_change(first, {}), make_change(second, {})]
    change_rules(change_id=changes[0], rules=[NewRule("list", second)], by=SYSTEM, at=NOW)
    change_rules(change_id=changes[1], rules=[NewRule("list", first)], by=SYSTEM, at=NOW)

    said = race([lambda one=one: publish_change(change_id=one, by=SYSTEM, at=NOW).kind for one in changes])  # type: ignore[misc]

    assert sorted(said) == ["cannot_hold", "change"]
    assert PriceListRule.objects.count() == 1


def test_of_two_who_roll_the_same_back_one_does_and_the_other_hears_that_it_is_done() -> None:
    world = make_world()
    coffee = make_product(world)
    prices = make_list(world, {coffee.id: 95_000}, name="Grosir")
    done = publish_change(change_id=make_change(prices, {coffee.id: 97_000}), by=SYSTEM, at=NOW)

    said = race([lambda: roll_back(publication_id=done.id, by=SYSTEM, at=NOW).kind] * 2)

    assert sorted(said) == ["nothing_to_roll_back", "rollback"]
    assert PriceListEntry.objects.get().price == Decimal(95_000)


def test_a_worker_that_is_killed_in_the_middle_leaves_the_old_prices_and_the_next_one_publishes() -> None:
    world = make_world()
    coffee = make_product(world)
    prices = make_list(world, {coffee.id: 95_000}, name="Grosir")
    change = make_change(prices, {coffee.id: 97_000})
    change_rules(change_id=change, rules=[NewRule("price", percent=Decimal(-10))], by=SYSTEM, at=NOW)
    schedule_change(change_id=change, publish_at=LATER, by=SYSTEM, at=NOW)
    connections.close_all()
    ready, said = os.pipe()
    pid = os.fork()
    if not pid:
        with transaction.atomic():
            worker.publish_at_its_moment(change_id=change, at=LATER)
            os.write(said, b"x")
            time.sleep(60)
        os._exit(0)
    os.read(ready, 1)  # all is written, nothing committed

    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    held = (PriceListEntry.objects.get().price, PriceListRule.objects.count(), PriceChange.objects.get().status)
    done = worker.publish_due(at=LATER)

    assert held == (Decimal(95_000), 0, "scheduled")
    assert done == 1
    assert (PriceListEntry.objects.get().price, PriceListRule.objects.count()) == (Decimal(97_000), 1)


def test_who_reads_prices_meanwhile_sees_the_old_list_or_the_new_one_and_never_half() -> None:
    """Before: two prices of a list. After: one dearer price, and a formula for the other in the place of its price."""
    world = make_world()
    coffee, sugar = make_product(world, price=Decimal(100_000)), make_product(world, price=Decimal(100_000))
    prices = make_list(world, {coffee.id: 90_000, sugar.id: 80_000}, name="Grosir")
    change = make_change(prices, {coffee.id: 95_000})
    rows = [NewPrice(None, sugar.id)]
    change_entries(change_id=change, prices=rows, by=SYSTEM, at=NOW)
    change_rules(change_id=change, rules=[NewRule("price", percent=Decimal(-5))], by=SYSTEM, at=NOW)
    change_heads(change_id=change, name="Grosir baru", by=SYSTEM, at=NOW)

    def turn() -> int:
        publication = publish_change(change_id=change, by=SYSTEM, at=NOW)
        for _turn in range(30):
            publication = roll_back(publication_id=publication.id, by=SYSTEM, at=NOW)
        return 31

    def read() -> str:
        context = document_context(branch_id=world.branch.id, at=NOW)
        lines = [WantedLine(Decimal(1), coffee.id), WantedLine(Decimal(1), sugar.id)]
        seen = set()
        until = time.monotonic() + 2
        while time.monotonic() < until:
            priced = price_preview(context=context, lines=lines, on=context.today).priced
            seen.add(tuple(int(line.unit_price) for line in priced.lines))
        return orjson.dumps(sorted(seen)).decode()

    said = race([turn, read, read])

    assert said[0] == "31"
    for text in said[1:]:
        assert {tuple(pair) for pair in orjson.loads(text)} <= {(90_000, 80_000), (95_000, 95_000)}, text
    assert len(Publication.objects.filter(kind="rollback")) == 30
