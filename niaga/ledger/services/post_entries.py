from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.ledger.errors import AccountMissing, PeriodClosed
from niaga.ledger.rules.postings import Posting, balanced


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What one document does to the books, in the company's own currency."""

    source_id: UUID
    branch_id: UUID | None
    customer_id: UUID | None
    postings: Sequence[Posting]


def post_entries(
    *,
    batch: Batch,
    company_id: UUID,
    date: date,
    source_kind: str,
    entries: Sequence[NewEntry],
    numbers: str,
    currency: str,
    by: UUID | None,
    at: datetime,
) -> None:
    """Add a balanced journal entry for each of many documents of one day to the batch, as `post_entry` does for one.

    `numbers` is the batch's CTE that draws the documents' numbers by `key`, which is their `source_id`.

    :raises Unbalanced: the postings of a document do not add up to zero
    :raises PeriodClosed: when the batch is written, the day's month is closed
    :raises AccountMissing: when the batch is written, a role has no account in the company
    """
    ids = [new_id() for _entry in entries]
    lines = [
        (entry_id, entry.customer_id, line.role, line.amount)
        for entry_id, entry in zip(ids, entries, strict=True)
        for line in balanced(*entry.postings)
    ]
    batch.sql(
        "entries",
        "INSERT INTO ledger_journalentry (id, company_id, branch_id, date, source_kind, source_id, number, currency,"
        " document_currency, posted_by, posted_at)"
        " SELECT v.id, %s::uuid, v.branch_id, %s::date, %s::text, v.source_id, n.number, %s::text, '', %s::uuid,"
        " %s::timestamptz FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[]) AS v(id, branch_id, source_id)"
        f" JOIN {numbers} n ON n.key = v.source_id"
        " WHERE NOT EXISTS (SELECT 1 FROM ledger_fiscalperiod p WHERE p.company_id = %s::uuid"
        " AND %s::date BETWEEN p.starts AND p.ends AND p.closed_at IS NOT NULL) RETURNING 1",
        [
            company_id, date, source_kind, currency, by, at, ids, [entry.branch_id for entry in entries],
            [entry.source_id for entry in entries], company_id, date,
        ],
        expect=len(entries),
        refusal=partial(PeriodClosed.on, date),
    )  # fmt: skip
    batch.sql(
        "entries_lines",
        "INSERT INTO ledger_journalline (id, entry_id, account_id, role, customer_id, amount)"
        " SELECT v.id, v.entry_id, a.account_id, v.role, v.customer_id, v.amount"
        " FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::numeric[])"
        " AS v(id, entry_id, customer_id, role, amount)"
        " JOIN ledger_roleaccount a ON a.company_id = %s::uuid AND a.role = v.role RETURNING 1",
        [
            [new_id() for _line in lines], [line[0] for line in lines], [line[1] for line in lines],
            [line[2] for line in lines], [line[3] for line in lines], company_id,
        ],
        expect=len(lines),
        refusal=AccountMissing,
    )  # fmt: skip
