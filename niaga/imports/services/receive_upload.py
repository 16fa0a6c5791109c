from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.ids import new_id
from niaga.imports.errors import BadFile, UnknownKind
from niaga.imports.models import ImportBatch
from niaga.imports.rules.kinds import KINDS, guess_kind, guess_mapping
from niaga.imports.rules.refusals import UnreadableFile
from niaga.imports.rules.table import sample
from niaga.imports.services.data_folder import place_for
from niaga.imports.services.open_batch import open_batch
from niaga.imports.wording import COLUMN_NAMES, file_fault
from niaga.organization.access import Actor, access_of


@transaction.atomic
def receive_upload(
    *, company_id: UUID, chunks: Iterable[bytes], file_name: str, kind: str, by: Actor, at: datetime
) -> ImportBatch:
    """Keep a file that was sent, read its headings, and guess what it holds and what its columns are.

    :raises Forbidden: `by` may not import
    :raises BadFile: it cannot be read as a table; the message says why
    :raises UnknownKind: no kind was chosen, and the headings fit none
    """
    access_of(by).require("import", "create", company_id=company_id)
    batch_id = new_id()
    suffix = ".xlsx" if file_name.lower().endswith((".xlsx", ".xlsm")) else ".csv"
    path, kept = place_for(batch_id, f"source{suffix}")
    try:
        with path.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
        headings, rows, _source = sample(path)
        kind = kind or guess_kind(headings) or ""
        if kind not in KINDS:
            raise UnknownKind(field="kind")
    except UnreadableFile as error:
        _forget(path)
        raise BadFile(file_fault(error), field="file") from error
    except UnknownKind:
        _forget(path)
        raise
    labels = {name: str(text) for name, text in COLUMN_NAMES.items()}
    size = path.stat().st_size
    width = sum(sum(map(len, row)) + len(row) for row in rows) / max(1, len(rows))
    estimate = len(rows) if len(rows) < 2_000 or suffix == ".xlsx" else int(size / max(1.0, width))
    return open_batch(
        batch_id=batch_id, company_id=company_id, kind=kind, path=path, source_file=kept, file_name=file_name, by=by,
        at=at, mapping=guess_mapping(KINDS[kind], headings, labels), options={"estimate": estimate},
    )  # fmt: skip


def _forget(path) -> None:  # type: ignore[no-untyped-def]
    path.unlink(missing_ok=True)
    path.parent.rmdir()
