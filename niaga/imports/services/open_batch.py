import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.imports.models import ImportBatch
from niaga.organization.access import Actor


def open_batch(
    *,
    company_id: UUID,
    kind: str,
    path: Path,
    source_file: str,
    file_name: str,
    by: Actor,
    at: datetime,
    mapping: dict[str, str] | None = None,
    options: dict[str, Any] | None = None,
    batch_id: UUID | None = None,
) -> ImportBatch:
    """Note a file that is to be moved in."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
    batch = ImportBatch(
        id=batch_id or new_id(), company_id=company_id, kind=kind, file_name=file_name[:200],
        file_size=path.stat().st_size,
        file_sha256=digest.hexdigest(), source_file=source_file, mapping=mapping or {}, options=options or {},
        created_by=by.id, created_at=at, updated_at=at,
    )  # fmt: skip
    batch.save(force_insert=True)
    writes = Batch()
    record(batch=writes, subject_kind="import", subject_id=batch.pk, verb="open", by=by.id, at=at,
           company_id=company_id, data={"file": batch.file_name, "kind": kind})  # fmt: skip
    writes.write()
    return batch
