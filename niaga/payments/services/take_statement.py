from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.errors import WrongState
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.payments.errors import BadStatement, OtherAccount
from niaga.payments.jobs import book_certain_lines
from niaga.payments.models import BankProfile, BankStatement
from niaga.payments.queries.bank_statements import books_certain, lock_statement, read_draft
from niaga.payments.rules.account_number import same_account
from niaga.payments.rules.read_lines import ReadLine, UnreadableStatement, keys_of
from niaga.payments.wording import statement_fault


@transaction.atomic
def take_statement(*, statement_id: UUID, by: Actor, at: datetime) -> BankStatement:
    """Take the lines of a statement in: those that no statement of the account had before. How a CSV was read is kept
    for the account's next one. The same statements for one line as for twenty thousand.

    :raises NotFound: no such statement
    :raises Forbidden: the person may not book bank lines
    :raises WrongState: it was taken in or discarded before
    :raises BadStatement: it cannot be read so
    :raises OtherAccount: it says another account number or currency
    """
    statement = lock_statement(statement_id)
    access_of(by).require("bank", "record", company_id=statement.company_id)
    if statement.status != "draft":
        raise WrongState()
    account = statement.bank_account
    try:
        read = read_draft(statement, at=at)
    except UnreadableStatement as error:
        raise BadStatement(statement_fault(error), field="file") from error
    if not same_account(read.account, account.number) or read.currency not in ("", account.currency):
        raise OtherAccount(field="file")
    days = [line.date for line in read.lines]
    batch = Batch()
    new = _insert(batch, statement, read.lines, at)
    batch.update(
        BankStatement, where={"id": statement.pk, "status": "draft"}, refusal=WrongState,
        values={
            "status": "taken", "currency": account.currency, "first_date": min(days), "last_date": max(days),
            "opening": read.opening, "closing": read.closing, "lines_read": len(read.lines),
            "lines_new": Sql(f"(SELECT count(*) FROM {new})"), "version": Sql("t.version + 1"), "updated_at": at,
        },
    )  # fmt: skip
    record(
        batch=batch, subject_kind="bank_statement", subject_id=statement.pk, verb="take", by=by.id, at=at,
        company_id=statement.company_id, from_status="draft", to_status="taken",
        data={"file": statement.file_name, "lines": len(read.lines)},
    )  # fmt: skip
    _keep_layout(batch, statement, by, at)
    statement.lines_new = batch.write()[new]
    if statement.lines_new and by.id and books_certain(bank_account_id=statement.bank_account_id):
        book_certain_lines.defer(
            statement_id=str(statement.pk), company_id=str(statement.company_id), user_id=str(by.id)
        )
    statement.status, statement.lines_read = "taken", len(read.lines)
    return statement


def _insert(batch: Batch, statement: BankStatement, lines: Sequence[ReadLine], at: datetime) -> str:
    """Returns the part's name: it counts the lines that were not there."""
    shape = {
        "id": "uuid", "position": "int", "key": "text", "date": "date", "amount": "numeric", "balance": "numeric",
        "text": "text", "payer": "text", "payer_account": "text", "reference": "text",
    }  # fmt: skip
    rows = [
        {
            "id": new_id(), "position": position, "key": key, "date": line.date, "amount": line.amount,
            "balance": line.balance, "text": line.text, "payer": line.payer[:200],
            "payer_account": line.payer_account[:40], "reference": line.reference[:80],
        }
        for position, (line, key) in enumerate(zip(lines, keys_of(lines), strict=True), start=1)
    ]  # fmt: skip
    read = batch.rows("read", shape, rows)
    columns = ", ".join(f'"{name}"' for name in shape)
    return batch.sql(
        "new_lines",
        f"INSERT INTO payments_bankline (company_id, bank_account_id, statement_id, currency, status, version,"
        f" created_at, updated_at, {columns})"
        " SELECT %s::uuid, %s::uuid, %s::uuid, %s::text, 'open', 1, %s::timestamptz, %s::timestamptz,"
        f" {columns} FROM {read} ORDER BY position ON CONFLICT (bank_account_id, key) DO NOTHING RETURNING 1",
        [statement.company_id, statement.bank_account_id, statement.pk, statement.bank_account.currency, at, at],
    )


def _keep_layout(batch: Batch, statement: BankStatement, by: Actor, at: datetime) -> None:
    if statement.file_format == "csv":
        batch.update(
            BankProfile, where={"bank_account_id": statement.bank_account_id}, expect=None,
            values={"layout": statement.layout, "updated_by": by.id, "updated_at": at},
        )  # fmt: skip
