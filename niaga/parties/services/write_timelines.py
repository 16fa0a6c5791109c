from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from niaga.core.batch import Batch, Sql
from niaga.parties.models import TimelineEntry


def write_timelines(
    *,
    batch: Batch,
    company_id: UUID,
    kind: str,
    subject_kind: str,
    rows: Sequence[Mapping[str, Any]],
    numbers: str,
    actor_id: UUID | None,
    at: datetime,
) -> None:
    """Add a line to the story of each row's customer: `customer_id`, `subject_id`, `amount`, `currency`; two or more.

    `numbers` is the batch's CTE that draws the documents' numbers by `key`, which is their `subject_id`.
    """
    drawn = Sql(f"(SELECT n.number FROM {numbers} n WHERE n.key = v.subject_id)")
    batch.insert(
        TimelineEntry, rows, company_id=company_id, kind=kind, subject_kind=subject_kind, number=drawn,
        actor_id=actor_id, at=at,
    )  # fmt: skip
