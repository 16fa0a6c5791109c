"""Orders confirmed a second by several processes, against raw SQL that writes the same rows.

    niaga bench confirm --procs 2

Each process confirms its own share of 10-line orders, all from the same shelves. `share` is ours over the floor's.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from decimal import Decimal
from typing import Any
from uuid import UUID

from bench._floor import machine_floor
from bench._replay import Replay, recording
from bench._report import report
from bench._scratch import dsn, point_to, scratch


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="niaga bench confirm", description=__doc__)
    parser.add_argument("--procs", type=int, default=2)
    parser.add_argument("--orders", type=int, default=150, help="for each process and side")
    parser.add_argument("--work", choices=("ours", "floor"), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.work:
        _work(given.work)
        return
    with scratch() as name:
        from bench._world import AT, make_bench_world
        from niaga.sales.services.confirm_order import confirm_order
        from niaga.sales.services.draft_order import OrderDetails, draft_order

        point_to(name, role="owner")
        floor_ms = machine_floor(dsn())
        point_to(name)
        world = make_bench_world(customers=2 * given.procs * given.orders + 1)
        owner = world.owner
        dice = random.Random(3)
        from niaga.sales.rules.lines import LineInput

        def draft(customer_id: UUID) -> UUID:
            lines = [LineInput(product_id=one, quantity=Decimal(2)) for one in dice.sample(world.products, 10)]
            return draft_order(
                customer_id=customer_id, branch_id=world.branch.id, lines=lines, details=OrderDetails(), by=owner, at=AT
            ).id

        drafted = [draft(customer_id) for customer_id in world.customers]
        model = drafted.pop()
        with recording() as notes:
            confirm_order(order_id=model, by=owner, at=AT, prices="keep")
        half = given.procs * given.orders
        ours = _race(given.procs, "ours", {"owner": str(world.owner_id)}, drafted[:half])
        floor = _race(given.procs, "floor", _floor_task(notes, model), drafted[half:])
    report(
        "confirm",
        {
            "procs": given.procs, "orders": half, "orders_per_s": half / ours, "floor_orders_per_s": half / floor,
            "share": floor / ours,
        },
        floor_ms,
    )  # fmt: skip


def _race(procs: int, side: str, task: dict[str, Any], orders: list[UUID]) -> float:
    """Seconds from the common start until the last process has done its share."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "niaga", "bench", "confirm", "--work", side],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ,
        )
        for _n in range(procs)
    ]  # fmt: skip
    for n, worker in enumerate(workers):
        assert worker.stdin is not None
        worker.stdin.write(json.dumps({**task, "orders": [str(one) for one in orders[n::procs]]}) + "\n")
        worker.stdin.flush()
    for worker in workers:
        assert worker.stdout is not None
        if worker.stdout.readline().strip() != "ready":
            raise SystemExit("a process did not get ready")
    start = time.perf_counter()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        assert worker.stdout is not None
        if worker.stdout.readline().strip() != "done":
            raise SystemExit("a process did not finish")
    took = time.perf_counter() - start
    for worker in workers:
        worker.communicate()
    return took


def _floor_task(notes: Any, model: UUID) -> dict[str, Any]:
    """The recorded statement, and which of its keys are those of the order and its lines."""
    from niaga.sales.models import SalesOrder, SalesOrderLine

    [[(sql, params)]] = notes.transactions
    order = SalesOrder.objects.get(pk=model)
    lines = [
        str(one) for one in SalesOrderLine.objects.filter(order=model).order_by("position").values_list("id", flat=True)
    ]
    return {
        "sql": sql,
        "params": _packed(params),
        "order": str(model),
        "customer": str(order.customer_id),
        "lines": lines,
    }


def _packed(params: list[Any]) -> list[Any]:
    return [
        ["uuid", str(one)] if isinstance(one, UUID) else ["other", str(one) if one is not None else None]
        for one in params
    ]


def _work(side: str) -> None:
    task = json.loads(sys.stdin.readline())
    (_confirm_all if side == "ours" else _replay_all)(task)
    print("done", flush=True)


def _wait() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def _confirm_all(task: dict[str, Any]) -> None:
    from bench._world import AT
    from niaga.organization.models import User
    from niaga.sales.services.confirm_order import confirm_order

    by = User.objects.get(pk=task["owner"])
    orders = [UUID(one) for one in task["orders"]]
    _wait()
    for order_id in orders:
        by.__dict__.pop("_access", None)
        confirm_order(order_id=order_id, by=by, at=AT, prices="keep")


def _replay_all(task: dict[str, Any]) -> None:
    """The same statement for other orders: their keys in the place of the recorded ones, fresh keys for new rows."""
    from django.db import connection

    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.id, o.customer_id, a.id, array_agg(l.id ORDER BY l.position) FROM sales_salesorder o"
            " JOIN parties_creditaccount a ON a.customer_id = o.customer_id"
            " JOIN sales_salesorderline l ON l.order_id = o.id WHERE o.id = ANY(%s::uuid[]) GROUP BY 1, 2, 3",
            [task["orders"]],
        )
        rows = cursor.fetchall()
        cursor.execute("SELECT a.id FROM parties_creditaccount a WHERE a.customer_id = %s::uuid", [task["customer"]])
        account = cursor.fetchone()[0]
        known = _world_keys(cursor)
    notes = _Notes([[(task["sql"], [UUID(text) if kind == "uuid" else text for kind, text in task["params"]])]])
    replay = Replay(notes, known, dsn())  # type: ignore[arg-type]
    ready = []
    for order_id, customer_id, account_id, lines in rows:
        keys = {UUID(task["order"]): order_id, UUID(task["customer"]): customer_id, account: account_id}
        keys.update(zip([UUID(one) for one in task["lines"]], lines, strict=True))
        ready.append(replay.prepared(keys=keys))
    _wait()
    for transactions in ready:
        replay.run(transactions)
    replay.close()


class _Notes:
    def __init__(self, transactions: list[Any]) -> None:
        self.transactions = transactions


def _world_keys(cursor: Any) -> set[UUID]:
    tables = ("organization_company", "organization_branch", "organization_user", "catalog_product", "stock_warehouse")
    cursor.execute(" UNION ALL ".join(f"SELECT id FROM {table}" for table in tables))
    return {row[0] for row in cursor.fetchall()}
