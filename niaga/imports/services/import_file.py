from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.imports.errors import BadFile, UnknownKind
from niaga.imports.models import ImportBatch
from niaga.imports.rules.flow import FLOW
from niaga.imports.rules.kinds import guess_kind
from niaga.imports.rules.refusals import UnreadableFile
from niaga.imports.rules.table import sample
from niaga.imports.services.open_batch import open_batch
from niaga.imports.services.run_import import run_import
from niaga.imports.services.staged import Said
from niaga.imports.wording import file_fault
from niaga.organization.access import SYSTEM, Actor


def import_file(
    *,
    path: Path,
    kind: str | None,
    company_id: UUID,
    dry_run: bool,
    at: datetime,
    corrections: Path | None = None,
    mapping: dict[str, str] | None = None,
    options: dict[str, Any] | None = None,
    update: bool = False,
    by: Actor = SYSTEM,
    said: Said | None = None,
) -> ImportBatch:
    """Move a file of this machine in, at once. `update`: customers and products that are there are brought up to date.

    :raises BadFile: it cannot be read as a table
    :raises UnknownKind: no kind was named, and the headings fit none
    """
    if kind is None:
        try:
            kind = guess_kind(sample(path)[0])
        except UnreadableFile as error:
            raise BadFile(file_fault(error)) from error
        if kind is None:
            raise UnknownKind(field="kind")
    with transaction.atomic():
        batch = open_batch(
            company_id=company_id, kind=kind, path=path, source_file=str(path), file_name=path.name, by=by, at=at,
            mapping=mapping, options={**(options or {}), "update": update},
        )  # fmt: skip
        writes = Batch()
        kept = {"corrections_file": str(corrections) if corrections else ""}
        move(batch=writes, flow=FLOW, document=batch, move="queue", by=by.id, at=at, values=kept)
        writes.write()
    return run_import(batch_id=batch.pk, dry_run=dry_run, by=by, at=at, said=said)
