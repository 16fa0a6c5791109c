"""Reading imports: what was sent, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from niaga.core.errors import NotFound
from niaga.imports.models import ImportBatch
from niaga.imports.rules.kinds import KINDS, Column
from niaga.imports.rules.refusals import UnreadableFile
from niaga.imports.rules.table import sample
from niaga.imports.services.data_folder import path_of
from niaga.imports.wording import COLUMN_HINTS, column_name
from niaga.organization.access import Actor, access_of


def batches(*, by: Actor) -> QuerySet[ImportBatch]:
    """The imports of the current company."""
    return ImportBatch.objects.filter(access_of(by).filter("import", branch=None, salesperson=None)).defer(
        "findings", "undo", "mapping"
    )


def batch_for(*, batch_id: UUID, by: Actor) -> ImportBatch:
    """:raises NotFound: there is none, or not for this person"""
    found = ImportBatch.objects.filter(
        access_of(by).filter("import", branch=None, salesperson=None), pk=batch_id
    ).first()
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column of ours, the heading chosen for it, and what the first rows hold there."""

    column: Column
    label: str
    hint: str
    heading: str
    samples: Sequence[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """The file beside our columns."""

    headings: Sequence[str]
    columns: Sequence[MappedColumn]
    source: str
    failure: str = ""


def preview_of(batch: ImportBatch) -> Preview:
    """Headings and first rows of the batch's file; empty when the file is gone."""
    try:
        headings, rows, source = sample(path_of(batch.source_file))
    except (UnreadableFile, OSError):
        return Preview((), (), "")
    columns = []
    for column in KINDS[batch.kind].columns:
        heading = batch.mapping.get(column.name, "")
        samples: list[str] = []
        if heading in headings:
            place = headings.index(heading)
            samples = [row[place][:60] for row in rows[:200] if place < len(row) and row[place].strip()][:3]
        columns.append(
            MappedColumn(column, column_name(column.name), str(COLUMN_HINTS.get(column.name, "")), heading, samples)
        )
    return Preview(headings, columns, source)


def error_file_of(*, batch_id: UUID, by: Actor) -> Path:
    """:raises NotFound: the import has none"""
    batch = batch_for(batch_id=batch_id, by=by)
    path = path_of(batch.error_file) if batch.error_file else None
    if path is None or not path.is_file():
        raise NotFound()
    return path
