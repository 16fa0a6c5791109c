"""What the database holds of a company, counted from its tables line by line: to be set beside the source."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

_COUNTS = """
SELECT
  (SELECT count(*) FROM parties_customer WHERE company_id = %(company)s),
  (SELECT count(*) FROM catalog_product WHERE company_id = %(company)s AND archived_at IS NULL),
  (SELECT count(*) FROM catalog_product WHERE company_id = %(company)s AND archived_at IS NOT NULL),
  (SELECT count(*) FROM organization_branch WHERE company_id = %(company)s AND NOT is_head),
  (SELECT count(*) FROM sales_historicalsale WHERE company_id = %(company)s),
  count(*), count(*) FILTER (WHERE l.quantity <= 0),
  coalesce(sum(l.amount), 0), coalesce(sum(l.discount), 0), coalesce(sum(l.coupon), 0)
FROM sales_historicalsaleline l JOIN sales_historicalsale s ON s.id = l.sale_id WHERE s.company_id = %(company)s
"""
_MONTHS = """
SELECT to_char(s.date, 'YYYY-MM'), sum(l.amount)
FROM sales_historicalsaleline l JOIN sales_historicalsale s ON s.id = l.sale_id
WHERE s.company_id = %(company)s GROUP BY 1 ORDER BY 1
"""
NAMES = (
    "customers", "products", "missing_products", "branches", "sales", "lines", "not_positive", "revenue", "discount",
    "coupon",
)  # fmt: skip


def history_figures(company_id: UUID) -> tuple[dict[str, Any], dict[str, Decimal]]:
    """Counts and sums by name, and revenue by month (`2017-12`), from the lines themselves."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"company": company_id})
        counts = dict(zip(NAMES, cursor.fetchone(), strict=True))
        cursor.execute(_MONTHS, {"company": company_id})
        return counts, dict(cursor.fetchall())
