"""No statement of a long sale reads its lines once for every line, whatever the planner believes of the tables.

A nested loop over the whole of a document is right to the planner when its statistics say that the document is short:
they are as old as the last ANALYZE. So each statement of the flow is explained on the way, under two such beliefs.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from bench.order_to_cash import flow
from niaga.config.database import admin_url
from niaga.sales.rules.lines import LineInput
from tests.makers import World, make_customer, make_product, make_world

pytestmark = pytest.mark.django_db(transaction=True)
LINES = 150
WRITTEN = ("sales", "stock", "invoicing", "payments", "ledger", "parties", "catalog", "core")
MOST_ROWS = 80 * LINES
"""What the widest statement may touch (shipping values its lines too); one that goes by the square, 22,500 more."""


class Bench:
    """What the flow of the bench asks of its world."""

    def __init__(self, world: World) -> None:
        self.company, self.branch, self.person = world.company, world.branch, world.owner


@contextmanager
def explained() -> Iterator[dict[str, int]]:
    """The rows that each statement touches: those it reads, and those it reads and drops."""
    touched: dict[str, int] = {}

    def explain(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = str(sql).lstrip()
        if text.startswith(("SELECT", "WITH", "UPDATE", "INSERT")) and not many:
            with transaction.atomic():
                with connection.connection.cursor() as cursor:
                    cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF, BUFFERS OFF) {text}", params)
                    plan = cursor.fetchone()[0][0]["Plan"]
                transaction.set_rollback(True)  # what it wrote, the statement itself writes again
            touched[text[:2000]] = max(touched.get(text[:2000], 0), rows_of(plan))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield touched


def rows_of(node: dict[str, Any]) -> int:
    """The rows that a plan's node and all below it handle, over all of its loops."""
    dropped = sum(value for name, value in node.items() if name.startswith("Rows Removed by"))
    own = (node["Actual Rows"] + dropped) * node["Actual Loops"]
    return int(own) + sum(rows_of(below) for below in node.get("Plans", ()))


def analyze() -> None:
    """Look at every table, as autovacuum does from time to time. The product's own role may not."""
    with psycopg.connect(admin_url(), autocommit=True) as owner:
        owner.execute("ANALYZE")


@pytest.mark.parametrize("belief", ["sales are short", "sales are long"])
def test_no_statement_of_a_long_sale_reads_the_sale_once_for_every_line(belief: str) -> None:
    world = make_world()
    customer = make_customer(world)
    products = [make_product(world, stock=1000) for _n in range(LINES)]

    def sell(count: int) -> None:
        flow(Bench(world), customer.id, [LineInput(product_id=one.id, quantity=Decimal(2)) for one in products[:count]])

    for _n in range(30 if belief == "sales are short" else 1):
        sell(2 if belief == "sales are short" else LINES)
    analyze()

    with explained() as touched:
        sell(LINES)

    assert len(touched) > 25
    assert {sql: rows for sql, rows in touched.items() if rows > MOST_ROWS} == {}
