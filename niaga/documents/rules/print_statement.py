"""A statement of account on paper: its movements, its sums, and how old what is open is."""

from __future__ import annotations

from niaga.core.rules.formatting import format_amount, format_date, format_money
from niaga.documents.rules.print_cells import Payload, Table, cell, column, keyed
from niaga.documents.rules.print_document import PrintDocument
from niaga.documents.rules.printable import printable

AGES = ("not_due", "late_30", "late_60", "late_90", "late_more", "credit", "advance")


def statement_table(document: PrintDocument, words: dict[str, str], language: str) -> Table:
    """Debit, credit and running balance of each movement, between the two balances."""
    statement = document.statement
    assert statement is not None
    currency = document.currency
    columns = [
        column("date", words["date"]), column("document", words["document"]),
        column("debit", words["debit"], "right"), column("credit_column", words["credit_column"], "right"),
        column("running_balance", words["running_balance"], "right"),
    ]  # fmt: skip

    def row(day: str, text: str, debit: str, credit: str, balance: str, *sub: str) -> Payload:
        cells = {
            "date": cell(day), "document": cell(text, sub=[one for one in sub if one]), "debit": cell(debit),
            "credit_column": cell(credit), "running_balance": cell(balance),
        }  # fmt: skip
        return keyed(cells)

    rows = [row(format_date(statement.since, language), words["opening_balance"], "", "",
                format_amount(statement.opening, currency, language))]  # fmt: skip
    for one in statement.movements:
        amount = format_amount(abs(one.amount), currency, language)
        due = f"{words['due_date']} {format_date(one.due_date, language)}" if one.due_date else ""
        rows.append(
            row(
                format_date(one.day, language), f"{words[f'moved_{one.kind}']} {printable(one.number)}",
                amount if one.amount > 0 else "", amount if one.amount < 0 else "",
                format_amount(one.balance, currency, language), due, printable(one.note),
            )
        )  # fmt: skip
    return columns, rows


def statement_totals(document: PrintDocument, words: dict[str, str], language: str) -> list[Payload]:
    statement = document.statement
    assert statement is not None
    plain = [
        ("opening_balance", statement.opening), ("debits", statement.debits), ("credits", statement.credits)
    ]  # fmt: skip
    rows: list[Payload] = [
        {"label": words[name], "value": format_amount(value, document.currency, language), "weight": "plain"}
        for name, value in plain
    ]
    closing = format_money(statement.closing, document.currency, language)
    return [*rows, {"label": words["closing_balance"], "value": closing, "weight": "total"}]


def statement_ages(document: PrintDocument, words: dict[str, str], language: str) -> Payload | None:
    """What is open at the end by age, as the table below the sums shows it."""
    statement = document.statement
    if statement is None or not any(statement.ages.values()):
        return None
    shown = [
        [words[f"age_{age}"], "", format_amount(statement.ages[age], document.currency, language)]
        for age in AGES
        if statement.ages.get(age)
    ]
    return {"label": words["ages"], "rows": shown}
