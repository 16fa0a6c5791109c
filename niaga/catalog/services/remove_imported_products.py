from collections.abc import Collection
from uuid import UUID

from django.db import connection

OWN = ("catalog_barcode", "catalog_productunit", "catalog_bundlepart")


def remove_imported_products(*, batch_id: UUID, category_ids: Collection[UUID] = ()) -> int:
    """Delete the products of an import with their units and bar codes, and those of its categories that are empty now.

    The caller has made sure that nothing names the products; the database refuses otherwise. Returns how many.
    """
    with connection.cursor() as cursor:
        for table, column in (("catalog_barcode", "product_id"), ("catalog_productunit", "product_id"),
                              ("catalog_bundlepart", "bundle_id")):  # fmt: skip
            cursor.execute(
                f"DELETE FROM {table} WHERE {column} IN"
                " (SELECT id FROM catalog_product WHERE import_batch_id = %s::uuid)",
                [batch_id],
            )
        cursor.execute("DELETE FROM catalog_product WHERE import_batch_id = %s::uuid", [batch_id])
        removed: int = cursor.rowcount
        while category_ids:
            cursor.execute(
                "DELETE FROM catalog_category c WHERE c.id = ANY(%s::uuid[])"
                " AND NOT EXISTS (SELECT 1 FROM catalog_category WHERE parent_id = c.id)"
                " AND NOT EXISTS (SELECT 1 FROM catalog_product WHERE category_id = c.id)",
                [list(category_ids)],
            )
            if not cursor.rowcount:
                break
        return removed
