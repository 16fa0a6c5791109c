from uuid import UUID

from django.db import connection


def remove_historical_sales(*, batch_id: UUID) -> int:
    """Take the sales of an import out of history again, and out of the kept sums of its days. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM sales_historicalsaleline WHERE sale_id IN"
            " (SELECT id FROM sales_historicalsale WHERE import_batch_id = %s::uuid)",
            [batch_id],
        )
        cursor.execute(
            """
            WITH gone AS (DELETE FROM sales_historicalsale WHERE import_batch_id = %s::uuid RETURNING *),
            days AS (
              SELECT company_id, date, currency, count(*) AS sales, sum(line_count) AS lines, sum(gross) AS gross,
                sum(discount) AS discount, sum(coupon) AS coupon, sum(total) AS total
              FROM gone GROUP BY 1, 2, 3
            ), less AS (
              UPDATE sales_historicalday d SET sales = d.sales - g.sales, lines = d.lines - g.lines,
                gross = d.gross - g.gross, discount = d.discount - g.discount, coupon = d.coupon - g.coupon,
                total = d.total - g.total
              FROM days g WHERE d.company_id = g.company_id AND d.date = g.date AND d.currency = g.currency RETURNING 1
            )
            SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM less)
            """,
            [batch_id],
        )
        removed = cursor.fetchone()[0]
        cursor.execute("DELETE FROM sales_historicalday WHERE sales = 0")
    return int(removed)
