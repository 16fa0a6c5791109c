"""Real processes that fight for the same goods, and real processes killed in the middle of a deed.

`make test` runs small counts; `make soak` sets `NIAGA_KILLS`, `NIAGA_FIGHTERS` and `NIAGA_SEED`.
"""

import multiprocessing
import os
import random
import signal
import time
from decimal import Decimal
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID

import pytest

from niaga.invoicing.models import Invoice
from niaga.sales.models import SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.stock.models import Reservation, StockLevel
from tests.makers import NOW, World, make_bundle, make_customer, make_order, make_product, make_world
from tests.promises import broken_promises

KILLS = int(os.environ.get("NIAGA_KILLS", "30"))
FIGHTERS = int(os.environ.get("NIAGA_FIGHTERS", "8"))
SEED = int(os.environ.get("NIAGA_SEED", "20261123"))
UNITS = 100

pytestmark = pytest.mark.django_db(transaction=True)
_processes = multiprocessing.get_context("fork")


def _fight(user_id: UUID, orders: list[UUID], start: Any, answers: Any) -> None:
    from django.db import connections

    from niaga.core.errors import Refusal
    from niaga.organization.models import User
    from niaga.sales.services.confirm_order import confirm_order

    connections.close_all()
    came_to = []
    try:
        by = User.objects.get(pk=user_id)
        start.wait(120)
        for order_id in orders:
            try:
                confirm_order(order_id=order_id, by=by, at=NOW)
                came_to.append("sold")
            except Refusal as refusal:
                came_to.append(refusal.code)
    except BaseException as error:  # what a caller would have met: a deadlock, a lost connection
        came_to.append(f"{type(error).__name__}: {error}")
    finally:
        answers.put(came_to)
        connections.close_all()
        answers.close()
        answers.join_thread()
        os._exit(0)


def test_many_processes_sell_exactly_what_there_is_and_none_meets_a_deadlock():
    dice = random.Random(SEED)
    world = make_world()
    scarce = make_product(world, stock=UNITS)
    others = [make_product(world, stock=100_000) for _n in range(4)]
    customers = [make_customer(world) for _n in range(7)]
    each = UNITS * 2 // FIGHTERS + 1

    def order() -> UUID:
        products = [scarce, *dice.sample(others, 2)]
        dice.shuffle(products)
        lines = [LineInput(product_id=one.id, quantity=Decimal(1)) for one in products]
        return make_order(world, lines, customer=dice.choice(customers)).id

    shares = [[order() for _n in range(each)] for _fighter in range(FIGHTERS)]
    came_to = _all_at_once(world, shares)

    assert set(came_to) == {"sold", "out_of_stock"}, f"seed {SEED}: {sorted(set(came_to))}"
    assert came_to.count("sold") == UNITS
    assert StockLevel.objects.get(product_id=scarce.id).reserved == UNITS
    assert SalesOrder.objects.filter(status="confirmed").count() == UNITS
    assert sum(one.quantity for one in Reservation.objects.filter(product_id=scarce.id)) == UNITS
    assert broken_promises() == []


def test_a_bundle_and_a_line_of_its_own_fight_for_a_part_and_only_what_there_is_is_sold():
    dice = random.Random(SEED)
    world = make_world()
    scarce = make_product(world, stock=UNITS)
    others = [make_product(world, stock=100_000) for _n in range(3)]
    parcels = [make_bundle(world, {scarce.id: 2, one.id: 1}) for one in others]
    customers = [make_customer(world) for _n in range(7)]
    each = UNITS // FIGHTERS + 1

    def order(place: int) -> UUID:
        wanted = [scarce if place % 2 else dice.choice(parcels), *dice.sample(others, 2)]
        dice.shuffle(wanted)
        lines = [LineInput(product_id=one.id, quantity=Decimal(1)) for one in wanted]
        return make_order(world, lines, customer=dice.choice(customers)).id

    shares = [[order(n + fighter) for n in range(each)] for fighter in range(FIGHTERS)]
    came_to = _all_at_once(world, shares)

    assert set(came_to) == {"sold", "out_of_stock"}, f"seed {SEED}: {sorted(set(came_to))}"
    held = Reservation.objects.filter(product_id=scarce.id)
    bundled = held.filter(quantity=2).count()
    assert bundled * 2 + held.filter(quantity=1).count() == UNITS
    assert 0 < bundled < UNITS // 2
    assert came_to.count("sold") == held.count()
    assert StockLevel.objects.get(product_id=scarce.id).reserved == UNITS
    assert broken_promises() == []


def _all_at_once(world: World, shares: list[list[UUID]]) -> list[str]:
    from django.db import connections

    connections.close_all()
    start, answers = _processes.Event(), _processes.Queue()
    fighters = [_processes.Process(target=_fight, args=(world.owner.id, share, start, answers)) for share in shares]
    for fighter in fighters:
        fighter.start()
    start.set()
    found = [answers.get(timeout=300) for _fighter in fighters]
    for fighter in fighters:
        fighter.join(30)
    return [one for came_to in found for one in came_to]


def _sell_until_killed(world_ids: tuple[UUID, UUID], customer_id: UUID, products: list[UUID], say: Connection) -> None:
    """Sale after sale; says each time that it is about to confirm or to issue."""
    from django.db import connections

    from niaga.invoicing.services.issue_invoice import issue_invoice
    from niaga.organization.models import User
    from niaga.sales.services.confirm_order import confirm_order
    from niaga.sales.services.deliver_order import deliver_order
    from niaga.sales.services.draft_order import OrderDetails, draft_order
    from niaga.sales.services.invoice_order import invoice_order
    from niaga.sales.services.ship_order_delivery import ship_order_delivery

    connections.close_all()
    branch_id, user_id = world_ids
    try:
        by = User.objects.get(pk=user_id)
        lines = [LineInput(product_id=one, quantity=Decimal(2)) for one in products]
        while True:
            order = draft_order(
                customer_id=customer_id, branch_id=branch_id, lines=lines, details=OrderDetails(), by=by, at=NOW
            )
            say.send("confirm")
            confirm_order(order_id=order.id, by=by, at=NOW)
            delivery_id = deliver_order(order_id=order.id, by=by, at=NOW)
            ship_order_delivery(delivery_id=delivery_id, by=by, at=NOW)
            invoice_id = invoice_order(order_id=order.id, by=by, at=NOW)
            say.send("issue")
            issue_invoice(invoice_id=invoice_id, by=by, at=NOW)
            say.send("issued")
    except BaseException as error:
        say.send(f"{type(error).__name__}: {error}")
    finally:
        os._exit(1)


def test_a_kill_in_the_middle_of_a_deed_leaves_all_of_it_or_nothing():
    dice = random.Random(SEED)
    world = make_world()
    products = [make_product(world, stock=10_000_000).id for _n in range(5)]
    customers = [make_customer(world).id for _n in range(5)]
    told = {"confirm": 0, "issue": 0, "issued": 0}

    for turn in range(KILLS):
        moment = "confirm" if turn % 2 else "issue"
        _kill_one(world, dice.choice(customers), products, moment, dice.uniform(0, 0.025), told)

    _wait_for_the_server_to_notice()
    issued = Invoice.objects.filter(status="issued")
    numbers = sorted(int(number[-5:]) for number in issued.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1)), f"seed {SEED}"
    assert len(numbers) >= told["issued"]
    assert told["confirm"] >= KILLS
    assert broken_promises() == []


def _kill_one(
    world: World, customer_id: UUID, products: list[UUID], moment: str, delay: float, told: dict[str, int]
) -> None:
    """Start a seller, wait until it is about to do the deed, and kill it within it."""
    from django.db import connections

    connections.close_all()
    hear, say = _processes.Pipe(duplex=False)
    seller = _processes.Process(
        target=_sell_until_killed, args=((world.branch.id, world.owner.id), customer_id, products, say)
    )
    seller.start()
    say.close()
    try:
        while True:
            assert hear.poll(60), "the seller hangs"
            word = hear.recv()
            assert word in told, word
            told[word] += 1
            if word == moment:
                break
        time.sleep(delay)
    finally:
        assert seller.pid is not None
        os.kill(seller.pid, signal.SIGKILL)
        seller.join(30)
    while hear.poll():
        try:
            word = hear.recv()
        except EOFError:
            break
        assert word in told, word
        told[word] += 1
    hear.close()


def _wait_for_the_server_to_notice() -> None:
    """Until no session of the killed is left: what they had not committed is then gone."""
    from django.db import connection

    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.1)
