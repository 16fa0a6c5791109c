"""How long from a gateway's call until the invoice is paid for whoever asks, and for whoever watches.

    niaga bench paid

The parts that run in production run here too, each a process of its own: the web server and the worker, on a database
made for it. Requests to pay go to the sandbox gateway through the worker; then each is paid, one after another, by the
gateway's signed call over HTTP, every third one told twice. `paid_link_ms` is from sending that call until
`GET /api/v1/invoices/{id}` answers `paid`; `live_ms` until a page that watches the invoices is told by its stream.
`recorded` is how many payments that made: one for each.
"""

import argparse
import json
import os
import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx

from bench._floor import machine_floor
from bench._report import percentile, report
from bench._scratch import dsn, point_to, scratch

PATIENCE = 20.0
"""Seconds until what does not come is given up: four times the pause in which a worker looks by itself."""


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="niaga bench paid", description=__doc__)
    parser.add_argument("--payments", type=int, default=100)
    given = parser.parse_args(arguments)
    with scratch("niaga_bench_paid") as name:
        point_to(name, role="owner")
        floor_ms = machine_floor(dsn())
        point_to(name)
        with running() as base:
            figures = measure(base, given.payments)
    report("paid", figures, floor_ms)


@contextmanager
def running() -> Iterator[str]:
    """The web server and the worker, on a free port; their address."""
    from niaga.config.process import command
    from niaga.config.supervisor import Child

    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
    os.environ |= {"PORT": str(number), "NIAGA_TEST_GATEWAYS": "1"}
    words = ("--interface", "asgi", "--host", "127.0.0.1", "--port", str(number), "--workers", "1", "--no-ws")
    parts = [
        Child("web", command("granian", *words, "--log-level", "warning", "niaga.config.asgi:application")),
        Child("worker", command("niaga", "work")),
    ]
    base = f"http://127.0.0.1:{number}"
    try:
        for part in parts:
            part.start()
        wait_until(lambda: _is_healthy(base), 90)
        yield base
    finally:
        for part in parts:
            part.signal(15)
        for part in parts:
            part.stop(time.monotonic() + 15)


def _is_healthy(base: str) -> bool:
    try:
        return httpx.get(f"{base}/healthz", timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def wait_until(holds: Any, seconds: float = PATIENCE, pause: float = 0.2) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > ends:
            raise SystemExit("It did not come in time.")
        time.sleep(pause)


def measure(base: str, payments: int) -> dict[str, Any]:
    from django.conf import settings
    from django.test import Client

    from niaga.core.clock import now
    from niaga.organization.services.create_token import create_token
    from niaga.payments.models import Payment

    owner, charges = _asked(payments + 1)
    browser = Client(headers={"Host": "localhost"})
    browser.force_login(owner, backend=settings.AUTHENTICATION_BACKENDS[-1])
    cookies = {settings.SESSION_COOKIE_NAME: browser.cookies[settings.SESSION_COOKIE_NAME].value}
    token = create_token(user_id=owner.id, name="bench", by=owner, at=now()).text
    heard: queue.Queue[float] = queue.Queue()
    threading.Thread(target=_watch, args=(base, cookies, heard), daemon=True).start()
    heard.get(timeout=PATIENCE)  # the stream is open
    paid, live = [], []
    with httpx.Client(base_url=base, trust_env=False, timeout=PATIENCE) as http:
        for turn, charge in enumerate(charges):
            while not heard.empty():
                heard.get()
            began = time.perf_counter()
            knock(http, charge, times=2 if turn % 3 == 2 else 1)
            headers = {"Authorization": f"Bearer {token}"}
            address = f"/api/v1/invoices/{charge.request.invoice_id}"
            wait_until(lambda: http.get(address, headers=headers).json()["payment_state"] == "paid", pause=0.005)  # noqa: B023
            paid.append((time.perf_counter() - began) * 1000)
            live.append((heard.get(timeout=PATIENCE) - began) * 1000)
    paid, live = paid[1:], live[1:]  # the first compiles what it needs
    return {
        "payments": payments, "recorded": Payment.objects.count() - 1,
        "paid_link_ms": percentile(paid, 0.5), "paid_link_p95_ms": percentile(paid, 0.95),
        "paid_link_max_ms": max(paid),
        "live_ms": percentile(live, 0.5), "live_p95_ms": percentile(live, 0.95), "live_max_ms": max(live),
    }  # fmt: skip


def _asked(count: int) -> tuple[Any, list[Any]]:
    """So many invoices with a link that the sandbox made, asked for through the worker; who owns the company, and the
    sandbox's bills."""
    from bench._world import AT, make_bench_world
    from bench.billing import _drafts
    from niaga.core.clock import now
    from niaga.invoicing.services.issue_invoice import issue_invoice
    from niaga.payments.models import PaymentRequest, SandboxCharge
    from niaga.payments.services.request_payment import request_payment
    from niaga.payments.services.save_gateway_account import AccountDetails, save_gateway_account

    world = make_bench_world(customers=20, products=50)
    details = AccountDetails(kind="sandbox", name="Sandbox", secret="kunci-bangku-uji", banks=["BCA"])
    save_gateway_account(details=details, company_id=world.company.id, by=world.owner, at=now())
    for draft in _drafts(world, count, 3):
        issue_invoice(invoice_id=draft, by=world.owner, at=AT)
        request_payment(invoice_id=draft, method="link", by=world.owner, at=now())
    wait_until(lambda: not PaymentRequest.objects.exclude(status="pending").exists(), 120)
    found = SandboxCharge.objects.select_related("account").order_by("id")
    requests = {str(one.pk): one for one in PaymentRequest.objects.all()}
    charges = list(found)
    for charge in charges:
        charge.request = requests[charge.key]
    return world.owner, charges


def knock(http: httpx.Client, charge: Any, *, times: int = 1) -> None:
    """What the sandbox says of a bill that was paid, signed, over the net."""
    from niaga.payments.queries.gateway_accounts import keys_of
    from niaga.payments.rules.gateways.sandbox.behaviours import Word
    from niaga.payments.rules.gateways.sandbox.hooks import signature
    from niaga.payments.services.tell_of_sandbox import words_of

    body = words_of(charge, Word(1, "paid"))
    headers = {"X-Sandbox-Signature": signature(body, keys_of(charge.account)[1].secret)}
    headers["Content-Type"] = "application/json"
    for _time in range(times):
        answer = http.post(f"/hooks/gateways/{charge.account.hook_path}", content=body, headers=headers)
        assert answer.status_code == 200, answer.status_code


def _watch(base: str, cookies: dict[str, str], heard: "queue.Queue[float]") -> None:
    """The invoices' list as a browser watches it: when it was told that an invoice was settled."""
    path = f"{base}/live/lists/invoice"
    ended = suppress(httpx.HTTPError)  # with the server, when all is measured
    with ended, httpx.stream("GET", path, cookies=cookies, timeout=None, trust_env=False) as stream:
        assert stream.status_code == 200, stream.status_code
        for line in stream.iter_lines():
            told = json.loads(line[5:])["event"] if line.startswith("data:") else line
            if told in ("InvoiceAllocated", ": open"):
                heard.put(time.perf_counter())
