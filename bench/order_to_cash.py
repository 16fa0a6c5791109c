"""The whole flow through the real services against raw SQL that writes the same rows in as many transactions.

    niaga bench order-to-cash --lines 10

Quotation, acceptance, confirmation with reservation, delivery, shipment, invoice, issue, payment: eight verbs, eight
transactions, with their audit, ledger, timeline and outbox rows. `ratio` is p50 over the floor's p50; both sides take
turns in one run, and so does the machine's floor. `statements` counts all that the services send for one flow, rights
included.
"""

import argparse
import random
import statistics
import time
from decimal import Decimal
from uuid import UUID

from bench._floor import MachineFloor
from bench._replay import Replay, recording
from bench._report import percentile, report
from bench._scratch import dsn, point_to, scratch

# Later work keeps these: the statements of one flow, whatever the number of lines.
MOST_STATEMENTS = 41


def flow(world, customer_id: UUID, lines) -> None:  # type: ignore[no-untyped-def]
    """One sale, every verb with rights read afresh as a request does."""
    from bench._world import AT
    from niaga.invoicing.services.issue_invoice import issue_invoice
    from niaga.payments.services.record_payment import PaymentDetails, record_payment
    from niaga.sales.services.accept_quotation import accept_quotation
    from niaga.sales.services.confirm_order import confirm_order
    from niaga.sales.services.deliver_order import deliver_order
    from niaga.sales.services.draft_quotation import QuotationDetails, draft_quotation
    from niaga.sales.services.invoice_order import invoice_order
    from niaga.sales.services.ship_order_delivery import ship_order_delivery

    by = world.person

    def person():  # type: ignore[no-untyped-def]
        by.__dict__.pop("_access", None)
        return by

    quotation = draft_quotation(
        customer_id=customer_id, branch_id=world.branch.id, lines=lines, details=QuotationDetails(), by=person(), at=AT
    )
    order = accept_quotation(quotation_id=quotation.id, by=person(), at=AT, name="Sari")
    confirm_order(order_id=order.id, by=person(), at=AT)
    delivery_id = deliver_order(order_id=order.id, by=person(), at=AT)
    ship_order_delivery(delivery_id=delivery_id, by=person(), at=AT)
    invoice_id = invoice_order(order_id=order.id, by=person(), at=AT)
    invoice = issue_invoice(invoice_id=invoice_id, by=person(), at=AT)
    record_payment(
        customer_id=customer_id, branch_id=world.branch.id, by=person(), at=AT, invoices=[(invoice.id, None)],
        details=PaymentDetails(method="transfer", currency="IDR", amount=invoice.total),
    )  # fmt: skip


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="niaga bench order-to-cash", description=__doc__)
    parser.add_argument("--lines", type=int, default=10)
    parser.add_argument("--runs", type=int, default=0, help="0: 150 for short orders, 12 for long ones")
    given = parser.parse_args(arguments)
    runs = given.runs or (150 if given.lines <= 100 else 12)
    with scratch() as name:
        from bench._world import make_bench_world

        point_to(name, role="owner")
        machine = MachineFloor(dsn())
        point_to(name)
        world = make_bench_world()
        world.person = world.owner  # type: ignore[attr-defined]
        dice = random.Random(11)

        def lines():  # type: ignore[no-untyped-def]
            from niaga.sales.rules.lines import LineInput

            chosen = dice.sample(world.products, given.lines)
            return [LineInput(product_id=one, quantity=Decimal(dice.randrange(1, 40))) for one in chosen]

        with recording() as notes:
            flow(world, world.customers[0], lines())
        replay = Replay(notes, _known(world), dsn())
        ours, floor = [], []
        for turn in range(runs + 5):
            customer_id = world.customers[turn % len(world.customers)]
            wanted = lines()
            start = time.perf_counter()
            flow(world, customer_id, wanted)
            took = time.perf_counter() - start
            rows = replay.prepared()
            start = time.perf_counter()
            replay.run(rows)
            if turn >= 5:
                ours.append(took * 1000)
                floor.append((time.perf_counter() - start) * 1000)
                machine.take(200 // runs + 1)
        replay.close()
        floor_ms = machine.close()
    p50, floor_p50 = statistics.median(ours), statistics.median(floor)
    report(
        "order-to-cash",
        {
            "lines": given.lines, "runs": runs, "p50_ms": p50, "p95_ms": percentile(ours, 0.95),
            "floor_p50_ms": floor_p50, "ratio": p50 / floor_p50, "statements": notes.statements,
            "transactions": len(notes.transactions),
        },
        floor_ms,
    )  # fmt: skip


def _known(world) -> set[UUID]:  # type: ignore[no-untyped-def]
    """Keys that exist before the flow: whatever its rows point to."""
    from django.db import connection

    tables = (
        "organization_company", "organization_branch", "organization_user", "parties_customer", "parties_creditaccount",
        "catalog_product", "catalog_unit", "catalog_taxcategory", "stock_warehouse", "ledger_account",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT id FROM {table}" for table in tables))
        return {row[0] for row in cursor.fetchall()}
