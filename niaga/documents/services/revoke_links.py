from datetime import datetime
from uuid import UUID

from niaga.core.batch import Batch
from niaga.documents.models import PublicLink


def revoke_links(
    *, batch: Batch, subject_kind: str, subject_id: UUID, at: datetime, purpose: str | None = None
) -> None:
    """Take back every open link to a subject (of one purpose): it was sent anew, or the document was cancelled."""
    batch.sql(
        "revoked",
        f"UPDATE {PublicLink._meta.db_table} SET revoked_at = %s WHERE subject_kind = %s AND subject_id = %s::uuid"
        " AND revoked_at IS NULL AND (%s::text IS NULL OR purpose = %s::text) RETURNING 1",
        [at, subject_kind, subject_id, purpose, purpose],
    )
