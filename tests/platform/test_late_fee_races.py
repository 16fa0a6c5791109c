"""Workers that meet or are killed while they charge late days: each day is charged once, each month one invoice."""

import os
import random
import signal
import time
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import connections

from niaga.invoicing.models import Invoice, LateFeeDays
from niaga.invoicing.services.propose_late_fees import propose_late_fees
from niaga.invoicing.tests.makers import make_claim
from niaga.invoicing.tests.test_late_fees import make_rule
from niaga.organization.access import SYSTEM
from tests.makers import World, make_customer, make_world
from tests.platform.test_races import PROCESSES, race
from tests.promises import broken_promises

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]

AFTER = datetime.fromisoformat("2027-01-04T02:00:00Z")
KILLS = min(int(os.environ.get("NIAGA_KILLS", "8")), 200)
SEED = int(os.environ.get("NIAGA_SEED", "20261123"))
CUSTOMERS = 3


def late_payers() -> World:
    """Each owes two invoices of 2,997,000 and 111,000 since 23 November: 1,998 and 74 a day."""
    world = make_world()
    make_rule(world, issues=True)
    for _customer in range(CUSTOMERS):
        customer = make_customer(world)
        for quantity in (27, 1):
            make_claim(world, customer, quantity=quantity)
    return world


def check_once() -> None:
    fees = Invoice.objects.filter(kind="late_fee", status="issued")
    assert sorted(fees.values_list("total", flat=True)) == [Decimal(38 * (1_998 + 74))] * CUSTOMERS
    assert set(LateFeeDays.objects.values_list("first", "last")) == {(date(2026, 11, 24), date(2026, 12, 31))}
    assert LateFeeDays.objects.count() == 2 * CUSTOMERS
    assert not Invoice.objects.filter(kind="late_fee").exclude(status="issued").exists()
    assert broken_promises() == []


def test_workers_that_charge_at_once_charge_each_day_once() -> None:
    world = late_payers()

    def work() -> str:
        propose_late_fees(company_id=world.company.pk, by=SYSTEM, at=AFTER)
        return "done"

    assert set(race([work] * PROCESSES)) == {"done"}

    check_once()


def test_wherever_a_worker_is_killed_each_day_is_charged_once() -> None:
    dice = random.Random(SEED)
    world = late_payers()
    for _kill in range(KILLS):
        connections.close_all()
        pid = os.fork()
        if not pid:
            try:
                propose_late_fees(company_id=world.company.pk, by=SYSTEM, at=AFTER)
            finally:
                os._exit(0)
        time.sleep(dice.uniform(0, 0.06))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    propose_late_fees(company_id=world.company.pk, by=SYSTEM, at=AFTER)

    check_once()
