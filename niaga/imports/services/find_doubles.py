from typing import Any

from django.db import connection

from niaga.imports.services.staged import Run

SHOWN = 20
_CUSTOMERS = """
WITH new AS (SELECT * FROM parties_customer WHERE import_batch_id = %(batch)s::uuid),
old AS (
  SELECT * FROM parties_customer WHERE company_id = %(company)s::uuid AND archived_at IS NULL
    AND import_batch_id IS DISTINCT FROM %(batch)s::uuid
), pairs AS (
  SELECT n.id, n.code, o.code AS other, o.name, 1 AS place, 'npwp' AS col
  FROM new n JOIN old o ON o.tax_id = n.tax_id AND n.tax_id <> ''
  UNION ALL SELECT n.id, n.code, o.code, o.name, 2, 'email'
  FROM new n JOIN old o ON lower(o.email) = lower(n.email) AND n.email <> ''
  UNION ALL SELECT n.id, n.code, o.code, o.name, 3, 'phone'
  FROM new n JOIN old o ON o.phone = n.phone AND n.phone <> ''
  UNION ALL SELECT n.id, n.code, o.code, o.name, 4, 'code' FROM new n JOIN old o ON lower(o.code) = lower(n.code)
)
SELECT DISTINCT ON (id) code, other, name, col FROM pairs ORDER BY id, place, other
"""
_PRODUCTS = """
WITH new AS (SELECT * FROM catalog_product WHERE import_batch_id = %(batch)s::uuid),
old AS (
  SELECT * FROM catalog_product WHERE company_id = %(company)s::uuid AND archived_at IS NULL
    AND import_batch_id IS DISTINCT FROM %(batch)s::uuid
), pairs AS (
  SELECT n.id, n.sku, o.sku AS other, o.name, 1 AS place, 'sku' AS col
  FROM new n JOIN old o ON lower(o.sku) = lower(n.sku)
  UNION ALL SELECT n.id, n.sku, o.sku, o.name, 2, 'name' FROM new n JOIN old o ON lower(o.name) = lower(n.name)
)
SELECT DISTINCT ON (id) sku, other, name, col FROM pairs ORDER BY id, place, other
"""


def find_doubles(run: Run) -> None:
    """Note new customers and products that look like ones that were there: a hint, never a refusal."""
    sql = {"customers": _CUSTOMERS, "products": _PRODUCTS}.get(run.kind.name)
    if sql is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT *, count(*) OVER () FROM ({sql}) doubles LIMIT {SHOWN}",
            {"batch": run.batch_id, "company": run.company_id},
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    if rows:
        run.samples["doubles"] = [
            {"code": code, "other": other, "name": name, "column": column} for code, other, name, column, _all in rows
        ]
        run.samples["doubles_in_all"] = rows[0][4]
