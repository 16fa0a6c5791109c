from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from uuid import UUID

from niaga.core.batch import Batch, Drawn
from niaga.core.ids import new_id
from niaga.ledger.errors import AccountMissing, PeriodClosed
from niaga.ledger.rules.postings import Posting, balanced


def post_entry(
    *,
    batch: Batch,
    company_id: UUID,
    branch_id: UUID | None,
    date: date,
    source_kind: str,
    source_id: UUID,
    number: str | Drawn,
    currency: str,
    postings: Sequence[Posting],
    customer_id: UUID | None,
    by: UUID | None,
    at: datetime,
    reverses: UUID | None = None,
    document_currency: str = "",
) -> UUID:
    """Add a balanced journal entry to the batch; the accounts that play its roles now are found in it.

    `currency` is the company's own, in which the books are; `document_currency` the source document's, where it is
    another.

    :raises Unbalanced: the postings do not add up to zero
    :raises PeriodClosed: when the batch is written, the date's month is closed
    :raises AccountMissing: when the batch is written, a role has no account in the company
    """
    lines = balanced(*postings)
    entry_id = new_id()
    drawn = f"(SELECT number FROM {number.name})" if isinstance(number, Drawn) else "%s::text"
    batch.sql(
        "entry",
        "INSERT INTO ledger_journalentry (id, company_id, branch_id, date, source_kind, source_id, number, currency,"
        " document_currency, reverses_id, posted_by, posted_at)"
        f" SELECT %s::uuid, %s::uuid, %s::uuid, %s::date, %s::text, %s::uuid, {drawn}, %s::text, %s::text, %s::uuid,"
        " %s::uuid, %s::timestamptz WHERE NOT EXISTS (SELECT 1 FROM ledger_fiscalperiod p WHERE p.company_id = %s::uuid"
        " AND %s::date BETWEEN p.starts AND p.ends AND p.closed_at IS NOT NULL) RETURNING 1",
        [
            entry_id, company_id, branch_id, date, source_kind, source_id,
            *([] if isinstance(number, Drawn) else [number]), currency, document_currency,
            reverses, by, at, company_id, date,
        ],
        expect=1,
        refusal=partial(PeriodClosed.on, date),
    )  # fmt: skip
    batch.sql(
        "entry_lines",
        "INSERT INTO ledger_journalline (id, entry_id, account_id, role, customer_id, amount, document_amount)"
        " SELECT v.id, %s::uuid, a.account_id, v.role, %s::uuid, v.amount, v.document"
        " FROM unnest(%s::uuid[], %s::text[], %s::numeric[], %s::numeric[]) AS v(id, role, amount, document)"
        " JOIN ledger_roleaccount a ON a.company_id = %s::uuid AND a.role = v.role RETURNING 1",
        [
            entry_id, customer_id, [new_id() for _line in lines], [line.role for line in lines],
            [line.amount for line in lines], [line.document for line in lines], company_id,
        ],
        expect=len(lines),
        refusal=AccountMissing,
    )  # fmt: skip
    return entry_id
