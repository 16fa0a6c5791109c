"""What this machine can do: the p50 of a raw set-based insert of a 10-line order with stock, invoice and payment rows,
one statement a table, in one transaction.

Limits in milliseconds hold where this is 2.2 ms, and scale with it.
"""

import statistics
import time
import uuid
from decimal import Decimal

import psycopg

_TABLES = """
CREATE SCHEMA IF NOT EXISTS floor;
CREATE TABLE IF NOT EXISTS floor.product (id uuid PRIMARY KEY, on_hand numeric NOT NULL, reserved numeric NOT NULL,
  CHECK (reserved <= on_hand));
CREATE TABLE IF NOT EXISTS floor.sale (id uuid PRIMARY KEY, number text UNIQUE, total numeric(19,4), at timestamptz);
CREATE TABLE IF NOT EXISTS floor.line (id uuid PRIMARY KEY, sale_id uuid REFERENCES floor.sale, product_id uuid
  REFERENCES floor.product, quantity numeric(19,6), price numeric(19,6), amount numeric(19,4));
CREATE TABLE IF NOT EXISTS floor.held (id uuid PRIMARY KEY, line_id uuid REFERENCES floor.line, quantity numeric);
CREATE INDEX IF NOT EXISTS line_sale ON floor.line (sale_id);
CREATE TABLE IF NOT EXISTS floor.invoice (id uuid PRIMARY KEY, sale_id uuid REFERENCES floor.sale, total numeric(19,4));
CREATE TABLE IF NOT EXISTS floor.invoice_line (id uuid PRIMARY KEY, invoice_id uuid REFERENCES floor.invoice,
  product_id uuid, amount numeric(19,4));
CREATE TABLE IF NOT EXISTS floor.payment (id uuid PRIMARY KEY, invoice_id uuid REFERENCES floor.invoice,
  amount numeric(19,4));
"""
_WRITES = (
    "UPDATE floor.product p SET reserved = p.reserved + v.q FROM unnest(%(products)s::uuid[],"
    " %(quantities)s::numeric[]) AS v(id, q) WHERE p.id = v.id",
    "INSERT INTO floor.sale VALUES (%(sale)s, %(number)s, %(total)s, now())",
    "INSERT INTO floor.line SELECT v.id, %(sale)s, v.p, v.q, v.price, v.q * v.price FROM unnest(%(ids)s::uuid[],"
    " %(products)s::uuid[], %(quantities)s::numeric[], %(prices)s::numeric[]) AS v(id, p, q, price)",
    "INSERT INTO floor.held SELECT gen_random_uuid(), v.id, v.q FROM unnest(%(ids)s::uuid[], %(quantities)s::numeric[])"
    " AS v(id, q)",
    "INSERT INTO floor.invoice VALUES (%(invoice)s, %(sale)s, %(total)s)",
    "INSERT INTO floor.invoice_line SELECT v.id, %(invoice)s, v.p, v.q * v.price FROM unnest(%(bill_ids)s::uuid[],"
    " %(products)s::uuid[], %(quantities)s::numeric[], %(prices)s::numeric[]) AS v(id, p, q, price)",
    "INSERT INTO floor.payment VALUES (gen_random_uuid(), %(invoice)s, %(total)s)",
)


class MachineFloor:
    """The floor, taken in turns with what is measured: a shared machine is not the same from one second to the next.

    Makes tables of its own in the schema `floor`; `close` drops them.
    """

    def __init__(self, owner_dsn: str) -> None:
        self._connection = psycopg.connect(owner_dsn, autocommit=True)
        self._connection.execute(_TABLES)
        self._products = [uuid.uuid4() for _ in range(1000)]
        self._connection.execute(
            "INSERT INTO floor.product SELECT id, 1e12, 0 FROM unnest(%s::uuid[]) AS v(id)", [self._products]
        )
        self._turns = 0
        self._spent: list[float] = []
        self.take(20)
        self._spent.clear()

    def take(self, runs: int) -> None:
        """Time `runs` more inserts, each its own commit."""
        lines = 10
        for _run in range(runs):
            start = time.perf_counter()
            chosen = [self._products[(self._turns * lines + n) % len(self._products)] for n in range(lines)]
            row = {
                    "products": chosen, "quantities": [Decimal(3)] * lines, "prices": [Decimal(1000)] * lines,
                    "ids": [uuid.uuid4() for _ in chosen], "bill_ids": [uuid.uuid4() for _ in chosen],
                    "sale": uuid.uuid4(), "invoice": uuid.uuid4(), "number": f"{self._turns}-{uuid.uuid4()}",
                    "total": Decimal(30_000),
                }  # fmt: skip
            with self._connection.transaction():
                for sql in _WRITES:
                    self._connection.execute(sql, row)
            self._spent.append((time.perf_counter() - start) * 1000)
            self._turns += 1

    def close(self) -> float:
        """Milliseconds, p50 of all that was taken."""
        self._connection.execute("DROP SCHEMA floor CASCADE")
        self._connection.close()
        return statistics.median(self._spent)


def machine_floor(owner_dsn: str, *, runs: int = 200) -> float:
    """Milliseconds, p50 of `runs` inserts in a row, for what cannot be measured in turns."""
    floor = MachineFloor(owner_dsn)
    floor.take(runs)
    return floor.close()
