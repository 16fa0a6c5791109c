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


def machine_floor(owner_dsn: str, *, runs: int = 200) -> float:
    """Milliseconds, p50 of `runs` inserts, each its own commit. Makes and drops tables of its own."""
    lines = 10
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        connection.execute(_TABLES)
        products = [uuid.uuid4() for _ in range(1000)]
        connection.execute("INSERT INTO floor.product SELECT id, 1e12, 0 FROM unnest(%s::uuid[]) AS v(id)", [products])
        spent = []
        for turn in range(runs + 20):
            start = time.perf_counter()
            chosen = [products[(turn * lines + n) % len(products)] for n in range(lines)]
            row = {
                    "products": chosen, "quantities": [Decimal(3)] * lines, "prices": [Decimal(1000)] * lines,
                    "ids": [uuid.uuid4() for _ in chosen], "bill_ids": [uuid.uuid4() for _ in chosen],
                    "sale": uuid.uuid4(), "invoice": uuid.uuid4(), "number": f"{turn}-{uuid.uuid4()}",
                    "total": Decimal(30_000),
            }  # fmt: skip
            with connection.transaction():
                for sql in _WRITES:
                    connection.execute(sql, row)
            spent.append((time.perf_counter() - start) * 1000)
        connection.execute("DROP SCHEMA floor CASCADE")
    return statistics.median(spent[20:])
