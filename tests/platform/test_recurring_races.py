"""Workers that meet or are killed while they bill recurring plans: each period is one invoice."""

import os
import random
import signal
import time
from datetime import timedelta

import pytest
from django.db import connections

from niaga.invoicing.models import Invoice
from niaga.organization.access import SYSTEM
from niaga.sales.models import RecurringPeriod, SalesOrder
from niaga.sales.services.bill_cause import bill_cause
from niaga.sales.services.note_recurring import note_recurring
from niaga.sales.tests.test_recurring import make_plan
from tests.makers import NOW, make_world
from tests.platform.test_races import PROCESSES, race
from tests.promises import broken_promises

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]

IN_MARCH = NOW + timedelta(days=100)
KILLS = min(int(os.environ.get("NIAGA_KILLS", "8")), 200)
SEED = int(os.environ.get("NIAGA_SEED", "20261123"))


def work() -> str:
    """What the job does."""
    for cause_id in note_recurring(at=IN_MARCH):
        bill_cause(cause_id=cause_id, by=SYSTEM, at=IN_MARCH)
    return "done"


def check_four_months() -> None:
    invoices = Invoice.objects.filter(status="issued")
    texts = list(invoices.order_by("number").values_list("lines__description", flat=True))
    assert sorted(texts) == [f"Sewa {month}" for month in
                             ("Desember 2026", "Februari 2027", "Januari 2027", "Maret 2027")]  # fmt: skip
    assert (RecurringPeriod.objects.count(), SalesOrder.objects.filter(status="draft").count()) == (4, 0)
    assert broken_promises() == []


def test_workers_that_bill_a_plan_at_once_bill_each_period_once() -> None:
    world = make_world()
    make_plan(world)

    assert set(race([work] * PROCESSES)) == {"done"}

    check_four_months()


def test_wherever_a_worker_is_killed_each_period_is_billed_once() -> None:
    dice = random.Random(SEED)
    world = make_world()
    make_plan(world)

    for _kill in range(KILLS):
        connections.close_all()
        pid = os.fork()
        if not pid:
            try:
                work()
            finally:
                os._exit(0)
        time.sleep(dice.uniform(0, 0.12))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    work()

    check_four_months()
