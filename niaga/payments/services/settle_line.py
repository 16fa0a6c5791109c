"""What a bank line is settled by, and its new state, as rows of one statement."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.organization.access import Actor
from niaga.payments.errors import LineDone
from niaga.payments.models import BankLine, LineSettlement


def settle_line(
    *,
    batch: Batch,
    line: BankLine,
    rows: list[dict[str, Any]],
    after: str,
    verb: str,
    by: Actor,
    at: datetime,
    note: str = "",
) -> None:
    """Add settlements of a locked line to the batch, its state, and who did it."""
    batch.insert(LineSettlement, rows)
    batch.update(
        BankLine, where={"id": line.pk, "version": line.version}, refusal=LineDone,
        values={"status": after, "version": Sql("t.version + 1"), "updated_at": at},
    )  # fmt: skip
    record(
        batch=batch, subject_kind="bank_line", subject_id=line.pk, verb=verb, by=by.id, at=at, note=note[:500],
        company_id=line.company_id, from_status=line.status, to_status=after,
    )  # fmt: skip
    line.status, line.version = after, line.version + 1


def taken_back(
    standing: LineSettlement, *, day: date, by: Actor, at: datetime, entry_id: UUID | None
) -> dict[str, Any]:
    """The row that takes a settlement back, with the entry that its account was posted back by."""
    return {
        "company_id": standing.company_id, "line_id": standing.line_id, "kind": standing.kind,
        "amount": -standing.amount, "role": standing.role, "payment_id": standing.payment_id,
        "payout_id": standing.payout_id, "customer_id": standing.customer_id, "entry_id": entry_id, "how": "person",
        "note": "", "reverses_id": standing.pk, "date": day, "at": at, "by": by.id,
    }  # fmt: skip
