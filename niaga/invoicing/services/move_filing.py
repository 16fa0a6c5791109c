from collections.abc import Mapping
from datetime import datetime
from typing import Any

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.flow import check_move
from niaga.invoicing.models import TaxFiling
from niaga.invoicing.rules.tax_flow import tax_flow
from niaga.organization.access import Actor


def move_filing(
    *,
    batch: Batch,
    filing: TaxFiling,
    move: str,
    values: Mapping[str, Any] | None = None,
    note: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """Move a locked filing along its flow; the deed stands on the invoice's own timeline.

    :raises WrongState: not from here
    """
    before, after = filing.status, check_move(tax_flow, move, filing.status)
    batch.update(TaxFiling, where={"id": filing.id}, values={"status": after, "updated_at": at, **(values or {})})
    record(
        batch=batch, subject_kind="invoice", subject_id=filing.invoice_id, verb=f"tax_{move}", by=by.id, at=at,
        company_id=filing.company_id, from_status=before, to_status=after, note=note,
        data={name: str(value) for name, value in (values or {}).items()},
    )  # fmt: skip
    filing.status = after
