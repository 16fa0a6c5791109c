"""Promises of history, each a statement that finds what breaks it."""

from niaga.core.registry import InvariantCheck

HISTORICAL_INVARIANTS = {
    "historical_sums": InvariantCheck(
        "A historical sale is the sum of its lines, and counts them.",
        """
        SELECT s.id, s.number, s.total, l.total AS lines_total, s.line_count, l.count AS lines
        FROM sales_historicalsale s
        LEFT JOIN (SELECT sale_id, sum(amount) AS total, sum(discount) AS discount, sum(coupon) AS coupon,
                     count(*) AS count FROM sales_historicalsaleline GROUP BY sale_id) l ON l.sale_id = s.id
        WHERE s.total IS DISTINCT FROM l.total OR s.discount IS DISTINCT FROM l.discount
          OR s.coupon IS DISTINCT FROM l.coupon OR s.line_count IS DISTINCT FROM l.count
          OR s.gross <> s.total + s.discount
        """,
    ),
    "historical_keys": InvariantCheck(
        "Every line of history belongs to a sale, and names a product of the sale's company.",
        """
        SELECT l.sale_id, l.position, l.product_id FROM sales_historicalsaleline l
        LEFT JOIN sales_historicalsale s ON s.id = l.sale_id
        LEFT JOIN catalog_product p ON p.id = l.product_id
        WHERE s.id IS NULL OR p.id IS NULL OR p.company_id <> s.company_id
        """,
    ),
    "historical_days": InvariantCheck(
        "The kept sums of history's days are the sums of its sales.",
        """
        SELECT coalesce(d.date, s.date) AS date, d.total AS kept, s.total AS counted
        FROM sales_historicalday d
        FULL JOIN (SELECT company_id, date, currency, count(*) AS sales, sum(line_count) AS lines, sum(gross) AS gross,
                     sum(discount) AS discount, sum(coupon) AS coupon, sum(total) AS total
                   FROM sales_historicalsale GROUP BY 1, 2, 3) s USING (company_id, date, currency)
        WHERE (d.sales, d.lines, d.gross, d.discount, d.coupon, d.total)
          IS DISTINCT FROM (s.sales::int, s.lines::int, s.gross, s.discount, s.coupon, s.total)
        """,
    ),
}
