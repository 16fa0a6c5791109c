from datetime import date, datetime
from functools import partial
from uuid import UUID

from niaga.core.batch import Batch, Drawn
from niaga.core.ids import new_id
from niaga.ledger.errors import AccountMissing, PeriodClosed

MOST_ROLES = 8


def post_reckoned_entry(
    *,
    batch: Batch,
    company_id: UUID,
    branch_id: UUID | None,
    date: date,
    source_kind: str,
    source_id: UUID,
    number: str | Drawn,
    currency: str,
    amounts: str,
    by: UUID | None,
    at: datetime,
) -> None:
    """Add a journal entry whose figures the batch itself finds, under the locks it takes; of nothing, no entry.

    `amounts` names a part of the batch with `role` and `amount` (debit positive), a row a role, which by its making
    adds up to zero; see `ledger/rules/postings.py` for what it must say.

    :raises PeriodClosed: when the batch is written, the date's month is closed
    :raises AccountMissing: when the batch is written, a role has no account in the company
    """
    entry_id = new_id()
    some = batch.sql("some", f"SELECT role, amount FROM {amounts} WHERE amount <> 0")
    drawn = f"(SELECT number FROM {number.name})" if isinstance(number, Drawn) else "%s::text"
    entry = batch.sql(
        "entry",
        "INSERT INTO ledger_journalentry (id, company_id, branch_id, date, source_kind, source_id, number, currency,"
        " posted_by, posted_at)"
        f" SELECT %s::uuid, %s::uuid, %s::uuid, %s::date, %s::text, %s::uuid, {drawn}, %s::text, %s::uuid,"
        f" %s::timestamptz WHERE EXISTS (SELECT 1 FROM {some}) AND NOT EXISTS (SELECT 1 FROM ledger_fiscalperiod p"
        " WHERE p.company_id = %s::uuid AND %s::date BETWEEN p.starts AND p.ends AND p.closed_at IS NOT NULL)"
        " RETURNING id",
        [
            entry_id, company_id, branch_id, date, source_kind, source_id,
            *([] if isinstance(number, Drawn) else [number]), currency, by, at, company_id, date,
        ],
    )  # fmt: skip
    batch.sql(
        "shut",
        f"SELECT 1 WHERE EXISTS (SELECT 1 FROM {some}) AND NOT EXISTS (SELECT 1 FROM {entry})",
        expect=0,
        refusal=partial(PeriodClosed.on, date),
    )
    batch.sql(
        "entry_lines",
        "INSERT INTO ledger_journalline (id, entry_id, account_id, role, amount)"
        " SELECT i.id, %s::uuid, a.account_id, s.role, s.amount"
        f" FROM (SELECT role, amount, row_number() OVER (ORDER BY amount < 0, role) AS place FROM {some}) s"
        " JOIN unnest(%s::uuid[]) WITH ORDINALITY AS i(id, place) USING (place)"
        " JOIN ledger_roleaccount a ON a.company_id = %s::uuid AND a.role = s.role RETURNING 1",
        [entry_id, [new_id() for _role in range(MOST_ROLES)], company_id],
    )
    batch.sql(
        "without_account",
        f"SELECT 1 FROM {some} s WHERE NOT EXISTS (SELECT 1 FROM ledger_roleaccount a"
        " WHERE a.company_id = %s::uuid AND a.role = s.role)",
        [company_id],
        expect=0,
        refusal=AccountMissing,
    )
