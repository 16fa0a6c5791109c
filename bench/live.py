"""How long until a page that is open shows that an invoice was paid.

    niaga bench live

A payment is recorded through the real service while the invoices' list is watched as a browser watches it: by the
stream of `niaga/config/live.py`, with the relay at work beside it. `told_ms` is from the commit to the event in the
stream, `seen_ms` also until the list was fetched anew and shows the invoice as paid. The browser itself waits up to
0.6 s more when it has just looked (`frontend/src/live.ts`).
"""

import argparse
import asyncio
import queue
import threading
import time
from typing import Any
from uuid import UUID

from bench._floor import machine_floor
from bench._report import percentile, report
from bench._scratch import dsn, point_to, scratch


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="niaga bench live", description=__doc__)
    parser.add_argument("--payments", type=int, default=40)
    given = parser.parse_args(arguments)
    with scratch("niaga_bench_live") as name:
        point_to(name, role="owner")
        floor_ms = machine_floor(dsn())
        point_to(name)
        figures = _measure(given.payments)
    report("live", figures, floor_ms)


def _measure(payments: int) -> dict[str, Any]:
    from django.conf import settings
    from django.test import Client

    from bench._world import AT, make_bench_world
    from bench.billing import _drafts
    from niaga.config.relay import Relay, deliver_waiting
    from niaga.invoicing.services.issue_invoice import issue_invoice

    world = make_bench_world(customers=20, products=50)
    by = world.owner
    invoices = [issue_invoice(invoice_id=one, by=by, at=AT) for one in _drafts(world, payments + 1, 3)]
    while deliver_waiting():
        pass
    browser = Client(headers={"Host": "localhost"})
    browser.force_login(by, backend=settings.AUTHENTICATION_BACKENDS[-1])
    heard: queue.Queue[float] = queue.Queue()
    stop = threading.Event()
    watcher = threading.Thread(target=lambda: asyncio.run(_watch(_cookie(browser), heard, stop)), daemon=True)
    relay = Relay()
    watcher.start()
    relay.start()
    heard.get(timeout=30)  # the stream is open
    time.sleep(1)
    told, seen = [], []
    for invoice in invoices:
        while not heard.empty():
            heard.get()
        began = _pay(world, invoice)
        told.append((heard.get(timeout=10) - began) * 1000)
        answer = browser.get(f"/invoices?q={invoice.number}", headers={"HX-Request": "true"})
        assert "Lunas" in answer.content.decode()
        seen.append((time.perf_counter() - began) * 1000)
    stop.set()
    relay.stop()
    watcher.join(timeout=10)
    told, seen = told[1:], seen[1:]  # the first compiles the page
    return {
        "payments": payments, "told_p50_ms": percentile(told, 0.5), "told_max_ms": max(told),
        "seen_p50_ms": percentile(seen, 0.5), "seen_max_ms": max(seen),
    }  # fmt: skip


def _cookie(browser: Any) -> bytes:
    from django.conf import settings

    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}".encode()


async def _watch(cookie: bytes, heard: "queue.Queue[float]", stop: threading.Event) -> None:
    from niaga.config.live import Live

    async def send(message: dict[str, Any]) -> None:
        if message.get("body", b"").startswith((b"retry", b"id:")):
            heard.put(time.perf_counter())

    async def receive() -> dict[str, Any]:
        while not stop.is_set():
            await asyncio.sleep(0.1)
        return {"type": "http.disconnect"}

    live = Live()
    scope: Any = {"method": "GET", "path": "/live/lists/invoice", "headers": [(b"cookie", cookie)]}
    await live(scope, receive, send)
    await live.close()


def _pay(world: Any, invoice: Any) -> float:
    """Record the payment; returns when it was committed."""
    from bench._world import AT
    from niaga.payments.services.record_payment import PaymentDetails, record_payment

    wanted: list[tuple[UUID, None]] = [(invoice.id, None)]
    record_payment(
        customer_id=invoice.customer_id, branch_id=world.branch.id, invoices=wanted, by=world.owner, at=AT,
        details=PaymentDetails(method="transfer", currency="IDR", amount=invoice.total),
    )  # fmt: skip
    return time.perf_counter()
