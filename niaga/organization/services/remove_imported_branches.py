from uuid import UUID

from django.db import connection


def remove_imported_branches(*, batch_id: UUID) -> int:
    """Delete the branches of an import. The caller has made sure that nothing names them; the database refuses else."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM organization_branch WHERE import_batch_id = %s::uuid AND NOT is_head", [batch_id])
        removed: int = cursor.rowcount
        return removed
