"""The audit trail: one row for every deed, added to the deed's own batch."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.models import AuditEntry


def record(
    *,
    batch: Batch,
    subject_kind: str,
    subject_id: UUID,
    verb: str,
    by: UUID | None,
    at: datetime,
    company_id: UUID | None,
    from_status: str = "",
    to_status: str = "",
    note: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Note that `by` (nobody: the customer or the system) did `verb` to a thing."""
    batch.insert(
        AuditEntry,
        [
            {
                "company_id": company_id,
                "subject_kind": subject_kind,
                "subject_id": subject_id,
                "verb": verb,
                "from_status": from_status,
                "to_status": to_status,
                "actor_id": by,
                "at": at,
                "note": note,
                "data": data or {},
            }
        ],
    )


def record_all(
    *,
    batch: Batch,
    subject_kind: str,
    subject_ids: Iterable[UUID],
    verb: str,
    by: UUID | None,
    at: datetime,
    company_id: UUID | None,
) -> None:
    """Note the same deed for many things, set-based."""
    shared = {"subject_kind": subject_kind, "verb": verb, "actor_id": by, "at": at, "company_id": company_id}
    batch.insert(AuditEntry, [{"subject_id": subject_id, **shared} for subject_id in subject_ids])


def record_changes(
    *,
    batch: Batch,
    subject_kind: str,
    changes: Iterable[tuple[UUID, dict[str, Any]]],
    verb: str,
    by: UUID | None,
    at: datetime,
    company_id: UUID | None,
    note: str = "",
) -> None:
    """Note for each of many things what became of it: column to before and after, set-based."""
    batch.insert(
        AuditEntry,
        [{"subject_id": subject_id, "data": data} for subject_id, data in changes],
        subject_kind=subject_kind, verb=verb, actor_id=by, at=at, company_id=company_id, note=note,
    )  # fmt: skip


def record_each(
    *,
    batch: Batch,
    subjects: Sequence[tuple[UUID, UUID]],
    subject_kind: str,
    verb: str,
    at: datetime,
    by: UUID | None = None,
    from_status: str = "",
    to_status: str = "",
) -> None:
    """Note the same deed on many things, given as pairs of their id and their company's."""
    batch.insert(
        AuditEntry,
        [{"subject_id": subject_id, "company_id": company_id} for subject_id, company_id in subjects],
        subject_kind=subject_kind, verb=verb, from_status=from_status, to_status=to_status, actor_id=by, at=at,
    )  # fmt: skip
