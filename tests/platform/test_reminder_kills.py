"""Workers killed at any step of reminding and sending: the server counts never two for an invoice and level.

`make test` kills a few; `make soak` sets `NIAGA_KILLS`.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from niaga.core.clock import now
from niaga.invoicing.models import ReminderMark
from niaga.invoicing.services.send_reminders import send_reminders
from niaga.invoicing.tests.makers import days_later, level, make_claim, make_debtor, make_plan
from niaga.messaging.models import WhatsappMessage
from niaga.messaging.services.change_whatsapp_settings import change_whatsapp_settings
from niaga.messaging.services.save_whatsapp_template import save_whatsapp_template
from niaga.messaging.services.send_whatsapp import send_whatsapp
from niaga.messaging.services.settle_lost_whatsapp import settle_lost_whatsapp
from niaga.organization.access import SYSTEM
from tests.makers import NOW, make_world
from tests.promises import broken_promises
from tests.servers.whatsapp import whatsapp_server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]

KILLS = min(int(os.environ.get("NIAGA_KILLS", "12")), 200)
SEED = int(os.environ.get("NIAGA_SEED", "20261123"))


def killed(work: Callable[[], object], after: float) -> None:
    """A process of its own that works until it is killed."""
    connections.close_all()
    pid = os.fork()
    if not pid:
        try:
            work()
        finally:
            os._exit(0)
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def test_whenever_a_worker_is_killed_each_invoice_is_told_once_at_its_level_or_visibly_uncertain(
    settings: Any,
) -> None:
    dice = random.Random(SEED)
    world = make_world()
    make_plan(world, level(1, by_email=False, by_whatsapp=True, whatsapp_template="tagihan"))
    save_whatsapp_template(name="tagihan", language="id", text="Yth. {{customer.name}}, {{total}}. Terima kasih.",
                           state="approved", by=world.owner, at=NOW)  # fmt: skip
    claims = {make_claim(world, make_debtor(world)).pk for _n in range(6)}

    def remind() -> None:
        while send_reminders(company_id=world.company.id, at=days_later(1), at_once=1):
            continue

    with whatsapp_server() as fake:
        settings.WHATSAPP_URL = fake.url
        change_whatsapp_settings(company_id=world.company.id, phone_id="1", token="t", by=SYSTEM, at=NOW)
        for _kill in range(KILLS):
            killed(remind, dice.uniform(0, 0.05))
        remind()
        keys = list(WhatsappMessage.objects.values_list("id", flat=True))
        for key in keys:
            killed(lambda: send_whatsapp(message_id=key, clock=now), dice.uniform(0, 0.06))  # noqa: B023
        settle_lost_whatsapp(at=now() + timedelta(hours=1))
        for key in keys:
            send_whatsapp(message_id=key, clock=now)

    marks = ReminderMark.objects.filter(company_id=world.company.id)
    assert Counter(marks.values_list("invoice_id", "outcome")) == {(key, "told"): 1 for key in claims}, f"seed {SEED}"
    assert set(marks.values_list("reminder__whatsapp_id", flat=True)) == set(keys)
    assert len(keys) == len(claims)
    assert max(fake.taken.values(), default=0) <= 1
    states = dict(WhatsappMessage.objects.values_list("id", "status"))
    assert [key for key in keys if not fake.taken[str(key)] and states[key] != "uncertain"] == []
    assert broken_promises() == []


def test_two_workers_at_once_tell_each_invoice_once() -> None:
    world = make_world()
    make_plan(world, level(1))
    claims = {make_claim(world, make_debtor(world)).pk for _n in range(4)}
    connections.close_all()

    pids = []
    for _worker in range(3):
        pid = os.fork()
        if not pid:
            try:
                while send_reminders(company_id=world.company.id, at=days_later(1), at_once=1):
                    continue
            finally:
                os._exit(0)
        pids.append(pid)
    for pid in pids:
        os.waitpid(pid, 0)

    told = Counter(ReminderMark.objects.filter(company_id=world.company.id).values_list("invoice_id", flat=True))
    assert told == dict.fromkeys(claims, 1)
