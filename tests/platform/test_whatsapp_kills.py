"""Workers killed at any step of a WhatsApp message: the server counts never two, and each missing one is uncertain.

`make test` kills a few; `make soak` sets `NIAGA_KILLS`.
"""

import os
import random
import signal
import time
from collections.abc import Callable
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
from niaga.messaging.services.queue_whatsapp import Secret, WhatsappToSend, queue_whatsapp
from niaga.messaging.services.save_whatsapp_template import save_whatsapp_template
from niaga.messaging.services.send_whatsapp import send_whatsapp
from niaga.messaging.services.settle_lost_whatsapp import settle_lost_whatsapp
from niaga.organization.access import SYSTEM
from niaga.portal.models import PortalAccess, PortalTicket
from niaga.portal.services.invite_contact import invite_contact
from niaga.portal.services.save_settings import save_settings
from tests.makers import World, make_customer, make_world
from tests.servers.whatsapp import whatsapp_server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]

KILLS = min(int(os.environ.get("NIAGA_KILLS", "30")), 300)
LINK = "https://niaga.example/portal/enter/abc"
SEED = int(os.environ.get("NIAGA_SEED", "20261123"))


def queued(world: World, count: int) -> list[UUID]:
    """Every other one bears a link that signs in."""
    batch = Batch()
    plain = WhatsappToSend("+628123456789", "tagihan", "id", "Halo")
    link = Secret(LINK, now() + timedelta(days=7))
    secret = WhatsappToSend("+628123456789", "tautan", "id", "Buka {{1}} ya", [LINK], secret=link)
    messages = [(plain, secret)[number % 2] for number in range(count)]
    keys = queue_whatsapp(batch=batch, company_id=world.company.id, messages=messages, by=None, at=now())
    batch.write()
    return keys


def process(deed: Callable[[], object]) -> int:
    """A process of its own that does one thing; its id."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        deed()
    finally:
        os._exit(0)


def worker(key: UUID) -> int:
    """One that sends a message."""
    return process(lambda: send_whatsapp(message_id=key, clock=now))


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
    told = {body["biz_opaque_callback_data"]: str(body["template"]) for body in fake.bodies}
    assert all((LINK in told[str(key)]) == bool(place % 2) for place, key in enumerate(keys) if str(key) in told)
    kept = WhatsappMessage.objects.exclude(sealed="").values_list("status", flat=True)
    assert set(kept) <= {"uncertain"}  # what was sent keeps no link


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


def test_people_who_invite_the_same_contact_at_once_send_one_link() -> None:
    world = make_world()
    change_whatsapp_settings(company_id=world.company.id, phone_id="1", token="t", by=SYSTEM, at=now())
    save_whatsapp_template(
        name="tautan", language="id", text="Buka {{link}} ya", state="approved", by=world.owner, at=now()
    )
    save_settings(
        company_id=world.company.id, is_open=True, shows_credit=False, takes_returns=True, welcome="",
        whatsapp_template="tautan", by=world.owner, at=now(),
    )  # fmt: skip
    customer = make_customer(world, phone="+628123456789")

    def invite() -> None:
        invite_contact(customer_id=customer.pk, contact_id=None, by_whatsapp=True, by=world.owner, at=now())

    for pid in [process(invite) for _turn in range(4)]:
        os.waitpid(pid, 0)

    assert (PortalAccess.objects.count(), PortalTicket.objects.count(), WhatsappMessage.objects.count()) == (1, 1, 1)
