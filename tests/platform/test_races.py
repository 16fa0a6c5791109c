"""What holds when many hands reach for the same thing: real processes, each with its own connection."""

import os
import random
import signal
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from uuid import UUID

import pytest
from django.db import connections

from niaga.core.errors import Refusal
from niaga.invoicing.models import Invoice, InvoiceBalance
from niaga.invoicing.services import issue_invoice
from niaga.ledger.models import JournalEntry
from niaga.organization.access import SYSTEM
from niaga.payments.models import Payment
from niaga.payments.services import PaymentDetails, record_payment
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.stock.errors import OutOfStock
from niaga.stock.models import StockLevel
from tests.makers import (
    NOW,
    World,
    make_customer,
    make_issued_invoice,
    make_order,
    make_product,
    make_shipped_order,
    make_world,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]

PROCESSES = int(os.environ.get("NIAGA_RACERS", "8"))
"""8 in `make test`, 64 in `make soak`."""
KILLS = int(os.environ.get("NIAGA_KILLS", "30"))
"""30 in `make test`, 1,000 in `make soak`."""


def race(deeds: list[Callable[[], object]]) -> list[str]:
    """Each deed in a process of its own, all let go at once; what each said, or the code of its refusal."""
    connections.close_all()
    gate, shot = os.pipe()
    runners = []
    for deed in deeds:
        answer, said = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(shot)
            os.read(gate, 1)  # until the parent closes its end
            try:
                text = str(deed())
            except Refusal as refusal:
                text = refusal.code
            except BaseException as error:
                text = f"{type(error).__name__}: {error}"
            os.write(said, text.encode()[:4000])
            os._exit(0)
        os.close(said)
        runners.append((pid, answer))
    os.close(shot)
    os.close(gate)
    answers = []
    for pid, answer in runners:
        with os.fdopen(answer) as heard:
            answers.append(heard.read())
        os.waitpid(pid, 0)
    return answers


def test_of_a_hundred_units_exactly_a_hundred_are_sold_to_processes_that_want_more():
    world = make_world()
    coffee, sugar = make_product(world, stock=100), make_product(world, stock=1000)
    each = 120 // PROCESSES + 1
    wanted = []
    for place in range(PROCESSES):
        customer = make_customer(world)
        pair = [LineInput(sku=coffee.sku, quantity=Decimal(1)), LineInput(sku=sugar.sku, quantity=Decimal(1))]
        lines = pair if place % 2 else pair[::-1]
        wanted.append([make_order(world, lines, customer=customer).id for _number in range(each)])

    def buy(ids: list[UUID]) -> int:
        sold = 0
        for order_id in ids:
            try:
                confirm_order(order_id=order_id, by=SYSTEM, at=NOW)
            except OutOfStock:
                continue
            sold += 1
        return sold

    sold = race([partial(buy, ids) for ids in wanted])

    level = StockLevel.objects.get(product=coffee)
    assert sum(map(int, sold)) == 100, sold
    assert (level.on_hand, level.reserved) == (100, 100)
    assert SalesOrder.objects.filter(status="confirmed").count() == 100


def test_two_payments_at_once_settle_an_invoice_once_and_the_rest_is_an_advance():
    world = make_world()
    invoice = make_issued_invoice(world, [LineInput(sku=make_product(world, stock=5).sku, quantity=Decimal(5))])

    def pay() -> Decimal:
        return record_payment(
            customer_id=invoice.customer_id, branch_id=world.branch.id, invoices=[(invoice.id, None)], by=SYSTEM,
            at=NOW, details=PaymentDetails("cash", "IDR", Decimal(555_000)),
        ).allocated  # fmt: skip

    said = race([pay, pay])

    assert sorted(Decimal(text) for text in said) == [0, 555_000]
    assert InvoiceBalance.objects.get().allocated == Decimal(555_000)
    assert sorted(Payment.objects.values_list("number", flat=True)) == ["PAY-2026-00001", "PAY-2026-00002"]


def test_invoices_issued_at_once_have_numbers_without_a_gap():
    world = make_world()
    drafts = make_drafts(world, PROCESSES)

    said = race([partial(_issue, draft) for draft in drafts])

    assert sorted(said) == [f"INV-2026-{number:05}" for number in range(1, PROCESSES + 1)]


def test_a_process_killed_while_it_issues_leaves_no_gap_and_nothing_half_written():
    world = make_world()
    drafts = make_drafts(world, KILLS)
    chance = random.Random(int(os.environ.get("NIAGA_SEED", "1")))

    killed = 0
    for draft in drafts:
        connections.close_all()
        pid = os.fork()
        if not pid:
            _issue(draft)
            os._exit(0)
        time.sleep(chance.uniform(0.001, 0.06))
        os.kill(pid, signal.SIGKILL)
        _pid, status = os.waitpid(pid, 0)
        killed += os.WIFSIGNALED(status)

    assert killed
    issued = list(Invoice.objects.filter(status="issued").order_by("number").values_list("number", flat=True))
    assert issued == [f"INV-2026-{place:05}" for place in range(1, len(issued) + 1)]
    assert InvoiceBalance.objects.count() == JournalEntry.objects.count() == len(issued)
    following = issue_invoice(
        invoice_id=Invoice.objects.filter(status="draft").values_list("pk", flat=True)[0], by=SYSTEM, at=NOW
    )
    assert following.number == f"INV-2026-{len(issued) + 1:05}"


def make_drafts(world: World, count: int) -> list[UUID]:
    """So many draft invoices of one shipped order, a unit each."""
    coffee = make_product(world, stock=count)
    order = make_shipped_order(world, [LineInput(sku=coffee.sku, quantity=Decimal(count))])
    line_id = SalesOrderLine.objects.get(order=order).id
    return [
        invoice_order(order_id=order.id, quantities={line_id: Decimal(1)}, by=world.owner, at=NOW)
        for _number in range(count)
    ]


def _issue(invoice_id: UUID) -> str:
    return issue_invoice(invoice_id=invoice_id, by=SYSTEM, at=NOW).number or ""
