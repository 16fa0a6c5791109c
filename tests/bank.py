"""Makers of bank statements: files as banks write them, taken in by the real services."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from niaga.organization.services.keep_bank_account import keep_bank_account
from niaga.payments.models import BankLine, BankStatement
from niaga.payments.services.lay_out_statement import lay_out_statement
from niaga.payments.services.receive_statement import receive_statement
from niaga.payments.services.take_statement import take_statement
from tests.makers import NOW, World

LAYOUT = {
    "columns": ["date", "text", "amount", "balance"],
    "skip": 1,
    "dates": "d/m/y",
    "decimal": ".",
    "delimiter": ",",
}


def make_bank_account(world: World, **facts: Any) -> UUID:
    facts = {"bank": "BCA", "number": "0123456789", "holder": "PT Uji", "currency": "IDR", **facts}
    return keep_bank_account(company_id=world.company.id, by=world.owner, at=NOW, **facts)


def csv_of(rows: Sequence[tuple[str, str, int]], *, opening: int | None = 1_000_000) -> bytes:
    """Day, text, amount; with a running balance where `opening` is said."""
    written, balance = ["Tanggal,Keterangan,Jumlah,Saldo"], opening
    for day, text, amount in rows:
        balance = None if balance is None else balance + amount
        written.append(f'{day},"{text}",{amount},{"" if balance is None else balance}')
    return "\n".join(written).encode()


def make_statement(
    world: World, account_id: UUID, rows: Sequence[tuple[str, str, int]], *, opening: int | None = 1_000_000,
    file_name: str = "mutasi.csv", **said: Any,
) -> BankStatement:  # fmt: skip
    """A statement that was taken in."""
    shared = {"by": world.owner, "at": NOW, **said}
    draft = receive_statement(
        bank_account_id=account_id, chunks=[csv_of(rows, opening=opening)], file_name=file_name, **shared
    )
    lay_out_statement(statement_id=draft.id, layout=LAYOUT, **shared)
    return take_statement(statement_id=draft.id, **shared)


def make_line(world: World, account_id: UUID, text: str, amount: int, day: str = "20/11/2026") -> BankLine:
    """A line that waits."""
    statement = make_statement(world, account_id, [(day, text, amount)], opening=None)
    return BankLine.objects.get(statement=statement)
