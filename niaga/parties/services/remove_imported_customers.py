from uuid import UUID

from django.db import connection

OWN = ("parties_contact", "parties_address", "parties_customertag", "parties_creditaccount")


def remove_imported_customers(*, batch_id: UUID) -> int:
    """Delete the customers of an import with their contacts, addresses, tags and credit accounts.

    The caller has made sure that no document or consent names them; the database refuses otherwise.
    Returns how many there were.
    """
    with connection.cursor() as cursor:
        for table in OWN:
            cursor.execute(
                f"DELETE FROM {table} WHERE customer_id IN"
                " (SELECT id FROM parties_customer WHERE import_batch_id = %s::uuid)",
                [batch_id],
            )
        cursor.execute("DELETE FROM parties_customer WHERE import_batch_id = %s::uuid", [batch_id])
        removed: int = cursor.rowcount
        return removed
