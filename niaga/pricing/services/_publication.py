"""The row that says what a list or a promotion became and what it was, written with every change of it."""

from datetime import datetime
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.pricing.models import Publication
from niaga.pricing.queries.subjects import Subject, kind_of
from niaga.pricing.rules.differences import Differences, heads_as_text


def note_publication(
    *,
    batch: Batch,
    found: Subject,
    differences: Differences,
    kind: str,
    by: UUID | None,
    at: datetime,
    change_id: UUID | None = None,
    reverses_id: UUID | None = None,
    note: str = "",
) -> UUID:
    """Add the row to the batch of the deed. `found` still has the version that the deed raises by one."""
    publication_id = new_id()
    keys = list(differences.prices)
    pairs = list(differences.prices.values())
    rules = differences.rules
    row = {
        "id": publication_id, "company_id": found.company_id, "subject_kind": kind_of(found),
        "subject_id": found.pk, "subject_version": found.version + 1, "kind": kind, "change_id": change_id,
        "reverses_id": reverses_id,
        "by": by, "at": at, "note": note, "heads": heads_as_text(differences.heads),
        "rules": {"before": rules[0], "after": rules[1]} if rules is not None else None,
        "products": [key[0] for key in keys], "units": [key[1] for key in keys],
        "quantities": [key[2] for key in keys],
        "before": [before for before, _after in pairs], "after": [after for _before, after in pairs],
    }  # fmt: skip
    batch.insert(Publication, [row])
    return publication_id
