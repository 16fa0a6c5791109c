from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection

from niaga.sales.rules.historical import Writing
from niaga.sales.services.check_historical_sales import figure_sql

_HEADS = """
INSERT INTO sales_historicalsale (id, company_id, branch_id, customer_id, salesperson_id, number, sold_at, date,
  currency, line_count, gross, discount, coupon, total, import_batch_id)
SELECT id, %(company)s::uuid, branch_id, customer_id, person_id, number, moment AT TIME ZONE zone, moment::date,
  %(currency)s, lines, amount + discount, discount, coupon, amount, %(batch)s::uuid
FROM history_head ORDER BY id
"""
_DAYS = """
INSERT INTO sales_historicalday AS d (company_id, date, currency, sales, lines, gross, discount, coupon, total)
SELECT %(company)s::uuid, moment::date, %(currency)s, count(*), sum(lines), sum(amount + discount), sum(discount),
  sum(coupon), sum(amount)
FROM history_head GROUP BY 2 ORDER BY 2
ON CONFLICT (company_id, date, currency) DO UPDATE SET sales = d.sales + excluded.sales,
  lines = d.lines + excluded.lines, gross = d.gross + excluded.gross, discount = d.discount + excluded.discount,
  coupon = d.coupon + excluded.coupon, total = d.total + excluded.total
"""


def record_historical_sales(
    *, stage: str, columns: Collection[str], writing: Writing, company_id: UUID, currency: str, batch_id: UUID
) -> int:
    """Write the sales that `check_historical_sales` read in this transaction and found sound. Returns the lines.

    Products that were unknown have been made by the caller. Lines stand in the order of the file.
    """
    names: dict[str, Any] = {
        "company": company_id, "currency": currency, "batch": batch_id, "plain": writing.plain,
        "grouped": writing.grouped, "sign": writing.sign, "grouping": writing.grouping,
    }  # fmt: skip

    def figure(name: str) -> str:
        return figure_sql(f"s.{name}", writing) if name in columns else "NULL::numeric"

    discount = f"coalesce({figure('discount')}, {figure('gross')} - ({figure('amount')}), 0)"
    if "gross" not in columns:
        discount = f"coalesce({figure('discount')}, 0)"
    lines = f"""
INSERT INTO sales_historicalsaleline (sale_id, position, product_id, quantity, discount, coupon, amount)
SELECT h.id, s.row - h.first_row + 1, p.id, round({figure("quantity")}, 6), round({discount}, 4),
  round(coalesce({figure("coupon")}, 0), 4), round({figure("amount")}, 4)
FROM {stage} s
JOIN history_head h ON h.number = btrim(s.number)
JOIN catalog_product p ON p.company_id = %(company)s::uuid AND p.sku = btrim(s.product)
"""
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, names)
        cursor.execute(lines, names)
        written = int(cursor.rowcount)
        cursor.execute(_DAYS, names)
    return written
