"""Workers killed at any step of a WhatsApp message: the server counts never two, and each missing one is uncertain.

`make test` kills a few; `make soak` sets `NIAGA_KILLS`.
"""

import os
import random
import signal
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from niaga.core.batch import Batch
from niaga.core.clock import now
from niaga.messaging.models import WhatsappMessage
from niaga.messaging.queries.waiting import due_whatsapp_ids
from niaga.messaging.services.change_whatsapp_settings import change_whatsapp_settings
from niaga.messaging.services.queue_whatsapp import WhatsappToSend, queue_whatsapp
from niaga.messaging.services.send_whatsapp import send_whatsapp
from niaga.messaging.services.settle_lost_whatsapp import settle_lost_whatsapp
from niaga.organization.access import SYSTEM
from tests.makers import World, make_world
from tests.servers.whatsapp import whatsapp_server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]

KILLS = min(int(os.environ.get("NIAGA_KILLS", "30")), 300)
SEED = int(os.environ.get("NIAGA_SEED", "20261123"))


def queued(world: World, count: int) -> list[UUID]:
    batch = Batch()
    message = WhatsappToSend("+628123456789", "tagihan", "id", "Halo")
    keys = queue_whatsapp(batch=batch, company_id=world.company.id, messages=[message] * count, by=None, at=now())
    batch.write()
    return keys


def worker(key: UUID) -> int:
    """A process of its own that sends one message; its id."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        send_whatsapp(message_id=key, clock=now)
    finally:
        os._exit(0)


def test_whenever_a_worker_is_killed_no_message_goes_twice_and_each_missing_one_is_uncertain(settings: Any) -> None:
    dice = random.Random(SEED)
    world = make_world()
    with whatsapp_server() as fake:
        settings.WHATSAPP_URL = fake.url
        change_whatsapp_settings(company_id=world.company.id, phone_id="1", token="t", by=SYSTEM, at=now())
        keys = queued(world, KILLS)

        for key in keys:
            pid = worker(key)
            time.sleep(dice.uniform(0, 0.06))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        later = now() + timedelta(hours=1)
        settle_lost_whatsapp(at=later)
        for key in due_whatsapp_ids(at=later):  # what no worker had begun is sent now
            send_whatsapp(message_id=key, clock=now)
        for key in keys:  # and whatever is told twice is not
            send_whatsapp(message_id=key, clock=now)

    states = dict(WhatsappMessage.objects.filter(pk__in=keys).values_list("id", "status"))
    assert max(fake.taken.values()) == 1, f"seed {SEED}"
    assert set(states.values()) <= {"sent", "uncertain"}
    missing = [key for key in keys if not fake.taken[str(key)]]
    assert [key for key in missing if states[key] != "uncertain"] == []


def test_two_workers_with_one_message_hand_it_over_once(settings: Any) -> None:
    world = make_world()
    with whatsapp_server() as fake:
        settings.WHATSAPP_URL = fake.url
        change_whatsapp_settings(company_id=world.company.id, phone_id="1", token="t", by=SYSTEM, at=now())
        (key,) = queued(world, 1)

        for pid in [worker(key) for _turn in range(4)]:
            os.waitpid(pid, 0)

    assert fake.taken == {str(key): 1}
    assert WhatsappMessage.objects.get(pk=key).status == "sent"
