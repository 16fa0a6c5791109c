"""Announced events reach each subscriber's job and each watching page: none lost, none half delivered."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params

from niaga.config import relay
from niaga.config.live import CHANNEL
from niaga.core.clock import now
from niaga.core.ids import new_id
from niaga.core.models import OutboxEvent
from niaga.sales.queries.orders_of import orders_of_invoice
from niaga.sales.rules.lines import LineInput
from tests.makers import make_issued_invoice, make_payment, make_product, make_world

TASK = "tests.platform.told"


@pytest.fixture(autouse=True)
def subscriber(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if TASK not in app.tasks:
        app.task(name=TASK, queue="events")(lambda event: None)
    monkeypatch.setitem(relay.SUBSCRIPTIONS, "ThingHappened", [TASK])
    yield
    app.tasks.pop(TASK, None)


def announce(kind: str = "ThingHappened", subject: UUID | None = None, **payload: Any) -> OutboxEvent:
    return OutboxEvent.objects.create(
        kind=kind, subject_kind="thing", subject_id=subject or new_id(), payload=payload, at=now()
    )


def jobs() -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name=TASK).order_by("id"))


@pytest.mark.django_db
def test_an_event_becomes_one_job_for_its_subscriber_and_is_marked() -> None:
    event = announce(amount="12.50")

    assert relay.deliver_waiting() == 1

    (job,) = jobs()
    assert job.queue_name == "events"
    assert job.args["event"]["id"] == str(event.id)
    assert job.args["event"]["payload"] == {"amount": "12.50"}
    event.refresh_from_db()
    assert event.delivered_at is not None
    assert relay.deliver_waiting() == 0


@pytest.mark.django_db
def test_events_are_delivered_in_the_order_in_which_they_were_announced() -> None:
    subject = new_id()
    events = [announce(subject=subject, step=step) for step in range(20)]

    relay.deliver_waiting()

    assert [job.args["event"]["id"] for job in jobs()] == [str(event.id) for event in events]
    assert {job.lock for job in jobs()} == {f"{TASK}:{subject}"}


@pytest.mark.django_db
def test_an_event_without_a_subscriber_is_delivered_to_nobody() -> None:
    announce(kind="NobodyListens")

    assert relay.deliver_waiting() == 1
    assert jobs() == []


@pytest.mark.django_db
def test_when_a_job_cannot_be_deferred_the_event_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    event = announce()

    def fail(**_options: Any) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(app.job_manager, "batch_defer_jobs", fail)
    with pytest.raises(RuntimeError):
        relay.deliver_waiting()
    monkeypatch.undo()

    event.refresh_from_db()
    assert event.delivered_at is None


@pytest.mark.django_db(transaction=True)
def test_pages_that_watch_are_notified_after_the_commit() -> None:
    event = announce()
    with psycopg.connect(**connector_params(), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")

        relay.deliver_waiting()

        (notice,) = listener.notifies(timeout=5, stop_after=1)
    assert notice.payload == f"thing {event.subject_id} ThingHappened {event.company_id}"


@pytest.mark.django_db(transaction=True)
def test_who_watches_an_order_is_told_that_its_invoice_was_paid() -> None:
    world = make_world()
    invoice = make_issued_invoice(world, [LineInput(product_id=make_product(world, stock=10).id)])
    [order_id] = orders_of_invoice(invoice_id=invoice.id)
    while relay.deliver_waiting():
        pass
    with psycopg.connect(**connector_params(), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")

        make_payment(world, invoice.customer_id, invoice.total, invoices=[(invoice.id, None)])
        relay.deliver_waiting()

        told = {notice.payload for notice in listener.notifies(timeout=1)}
    assert f"order {order_id} InvoiceAllocated {world.company.id}" in told
    assert f"invoice {invoice.id} InvoiceAllocated {world.company.id}" in told


@pytest.mark.django_db(transaction=True)
def test_the_relay_outlives_the_loss_of_its_database_connection() -> None:
    running = relay.Relay()
    running.start()
    try:
        first = announce()
        _wait_for(lambda: OutboxEvent.objects.filter(id=first.id, delivered_at__isnull=False).exists())

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
            )
            assert cursor.fetchone()[0] >= 1
        second = announce()

        _wait_for(lambda: OutboxEvent.objects.filter(id=second.id, delivered_at__isnull=False).exists())
    finally:
        running.stop()
    assert len(jobs()) == 2


def _wait_for(holds: Any) -> None:
    deadline = time.monotonic() + 15
    while not holds():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)
