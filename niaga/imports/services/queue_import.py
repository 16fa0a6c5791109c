from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.core.flow import move
from niaga.imports.errors import BadFile
from niaga.imports.jobs import run
from niaga.imports.models import ImportBatch
from niaga.imports.rules.flow import FLOW
from niaga.imports.rules.kinds import KINDS, ROW, UPDATABLE, marks
from niaga.imports.rules.refusals import UnreadableFile
from niaga.imports.rules.rights import rights_of
from niaga.imports.rules.table import sample
from niaga.imports.services.choose_columns import checked_mapping
from niaga.imports.services.data_folder import path_of, place_for
from niaga.imports.wording import file_fault
from niaga.organization.access import Actor, access_of


@transaction.atomic
def queue_import(
    *,
    batch_id: UUID,
    dry_run: bool,
    by: Actor,
    at: datetime,
    language: str,
    kind: str | None = None,
    mapping: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
    corrections: Iterable[bytes] | None = None,
    corrections_name: str = "",
) -> ImportBatch:
    """Hand the file to the worker, with the columns and the writing that were chosen, or with corrected rows.

    :raises NotFound: there is no such import
    :raises Forbidden: `by` may not import, or not create or change what the file holds
    :raises WrongState: it is running, or done
    :raises ColumnsMissing: a column that is needed is not named
    :raises BadFile: the corrected file cannot be read, or has lost its row numbers
    """
    batch = ImportBatch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None:
        raise NotFound()
    access_of(by).require("import", "create", company_id=batch.company_id)
    values: dict[str, Any] = {"dry_run": dry_run, "progress": 0, "findings": [], "errors": 0, "failure": "",
                              "attempts": 0}  # fmt: skip
    if kind in KINDS:
        values["kind"] = kind
    about = KINDS[values.get("kind", batch.kind)]
    update = bool({**batch.options, **(options or {})}.get("update")) and about.name in UPDATABLE
    for right in rights_of(about.name, update=update):
        access_of(by).require(*right, company_id=batch.company_id)
    if mapping is not None:
        headings = sample(path_of(batch.source_file))[0]
        chosen = {name: heading for name, heading in mapping.items() if heading}
        values["mapping"] = checked_mapping(about, headings, chosen, update=update)
    if options is not None:
        values["options"] = {**batch.options, **options}
    if corrections is not None:
        values["corrections_file"] = _keep(batch, corrections, corrections_name)
    writes = Batch()
    move(batch=writes, flow=FLOW, document=batch, move="queue", by=by.id, at=at, values=values)
    writes.write()
    run.configure(lock=f"import:{batch.company_id}").defer(
        batch_id=str(batch_id), dry_run=dry_run, user_id=str(by.id) if by.id else "", language=language
    )
    return batch


def _keep(batch: ImportBatch, chunks: Iterable[bytes], name: str) -> str:
    suffix = ".xlsx" if name.lower().endswith((".xlsx", ".xlsm")) else ".csv"
    path, kept = place_for(batch.pk, f"corrections-{batch.version}{suffix}")
    with path.open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
    try:
        if ROW not in marks(sample(path)[0]):
            raise BadFile(field="corrections")
    except UnreadableFile as error:
        raise BadFile(file_fault(error), field="corrections") from error
    return kept
