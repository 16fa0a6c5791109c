"""What a gateway tells is done because the worker is woken, not because it happens to look."""

import json
import os
import signal
import time
from collections.abc import Iterator

import pytest
from django.db import connections

from niaga.config import work
from niaga.core.models import IncomingCall
from niaga.payments.models import GatewayAccount
from niaga.payments.rules.gateways.sandbox.hooks import signature
from niaga.payments.tests.gateways import SECRET, knock, make_gateway
from tests.makers import make_world
from tests.platform.test_up import patience

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A worker in a process of its own, which would look for jobs by itself once an hour."""
    monkeypatch.setattr(work, "LOOKS", 3600.0)
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            work.run_worker()
        finally:
            os._exit(0)
    yield child
    os.kill(child, signal.SIGTERM)
    os.waitpid(child, 0)


def tell(account: GatewayAccount, event: int) -> int:
    body = json.dumps({"key": "tidak-dikenal", "id": "1", "state": "paid", "amount": "1", "event": event}).encode()
    return knock(account, body, **{"X-Sandbox-Signature": signature(body, SECRET)})


def handled(count: int) -> bool:
    return IncomingCall.objects.exclude(handled_at=None).count() == count


def test_a_gateways_call_wakes_the_worker(worker: int) -> None:
    account = make_gateway(make_world())

    for event in (1, 2, 3):  # the first may be found as the worker begins; the others it must be told of
        assert tell(account, event) == 200
        ends = time.monotonic() + 60 * patience()
        while not handled(event):
            assert time.monotonic() < ends, "nobody woke the worker"
            time.sleep(0.05)
