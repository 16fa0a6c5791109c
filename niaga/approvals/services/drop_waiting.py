"""A subject that goes on, or ends, waits for nobody any more."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from niaga.core.batch import Batch

_DROP = """
UPDATE approvals_approvalrequest AS t
   SET status = 'withdrawn', settled_at = %s::timestamptz, waits_for = '{}', version = t.version + 1
 WHERE t.subject_kind = %s AND t.subject_id = ANY(%s::uuid[]) AND t.status = 'waiting' RETURNING 1
"""


def drop_waiting(*, batch: Batch, subject_kind: str, subject_ids: Collection[UUID], at: datetime) -> None:
    """Add to the batch that the waiting requests of some subjects, where there are any, are no longer needed."""
    batch.sql("dropped", _DROP, [at, subject_kind, list(subject_ids)])
