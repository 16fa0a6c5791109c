"""Workers killed at any step of telling a changed day, and several at once: each order's customer hears of it once."""

import os
import random
import signal
import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections

from niaga.messaging.models import Email
from niaga.sales.models import DayNotice
from niaga.sales.queries.day_notices import due_notices
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.reschedule_order import reschedule_order
from niaga.sales.services.save_day_notice_rule import save_day_notice_rule
from niaga.sales.services.tell_day_change import tell_day_change
from tests.makers import NOW, make_confirmed_order, make_customer, make_product, make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]

ORDERS = min(int(os.environ.get("NIAGA_KILLS", "12")), 200)
SEED = int(os.environ.get("NIAGA_SEED", "20261123"))
SOON = NOW + timedelta(minutes=16)


def worker(order_ids):
    """A process of its own that tells them in turn; its id."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        for order_id in order_ids:
            tell_day_change(order_id=order_id, at=SOON)
    finally:
        os._exit(0)


def test_whoever_is_killed_or_comes_twice_each_customer_is_told_once():
    dice = random.Random(SEED)
    world = make_world()
    save_day_notice_rule(company_id=world.company.id, customer_id=None, mode="always", by=world.owner, at=NOW)
    customer = make_customer(world, email="sari@example.com")
    product = make_product(world, stock=999)
    lines = [LineInput(product_id=product.id, quantity=Decimal(1))]
    orders = []
    for _one in range(ORDERS):
        order = make_confirmed_order(world, lines, customer=customer, planned_date=NOW.date() + timedelta(4))
        day = NOW.date() + timedelta(7)
        reschedule_order(order_id=order.id, planned_date=day, reason="Truk rusak", by=world.owner, at=NOW)
        orders.append(order.id)

    for order_id in orders:
        pid = worker([order_id])
        time.sleep(dice.uniform(0, 0.04))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    waiting = due_notices(at=SOON)
    for pid in [worker(waiting) for _one in range(2)]:
        os.waitpid(pid, 0)

    told = list(Email.objects.filter(subject_kind="order").values_list("subject_id", flat=True))
    assert sorted(told) == sorted(orders), f"seed {SEED}"
    assert set(DayNotice.objects.values_list("state", flat=True)) == {"told"}
