from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.inputs import Changed
from niaga.imports.models import ImportChange
from niaga.imports.services.staged import Run

SHOWN = 50
"""Changed cells that are kept with the batch for the page."""


def note_changes(
    run: Run, changes: Sequence[Changed], codes: Mapping[UUID, tuple[int, str]], show: Callable[[str, Any], Any]
) -> None:
    """Keep what was there, to be put back by undoing, and some of it for the page.

    :param codes: the row and the code of each
    :param show: our column and the value in words, of a fact's name and value; None: not for the page
    """
    samples = run.samples.setdefault("changes", [])
    for one in changes:
        row, code = codes[one.id]
        for name, value in one.after.items():
            before, after = show(name, one.before[name]), show(name, value)
            if before is not None and after is not None and len(samples) < SHOWN:
                samples.append({"row": row, "code": code, "column": after[0], "before": before[1], "after": after[1]})
    batch = Batch()
    batch.insert(
        ImportChange,
        [{"subject_id": one.id, "code": codes[one.id][1], "before": one.before, "after": one.after} for one in changes],
        batch_id=run.batch_id,
    )
    batch.write()
