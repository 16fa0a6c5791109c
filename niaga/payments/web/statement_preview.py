"""A draft of a statement, read as its layout says: the columns to point at, the lines that would come, and whether they
add up."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.payments.models import BankStatement
from niaga.payments.queries.bank_statements import gap_before, known_keys, read_draft, with_file
from niaga.payments.rules.account_number import same_account
from niaga.payments.rules.layout import COLUMNS, DATES, MOST_COLUMNS, Layout, layout_of
from niaga.payments.rules.read_lines import ReadStatement, UnreadableStatement, keys_of
from niaga.payments.rules.read_statement import sample_rows
from niaga.payments.wording import statement_fault

SHOWN = 12
COLUMN_WORDS = {
    "date": _("Day"), "text": _("Bank’s text"), "amount": _("Amount"), "mark": _("Sign (CR/DB)"),
    "money_in": _("Money in"), "money_out": _("Money out"), "balance": _("Balance"),
    "reference": _("Reference"), "payer": _("Payer"),
    "payer_account": _("Payer's account"),
}  # fmt: skip
DATE_WORDS = {
    "d/m/y": _("Day, month, year: 31/12/2026"), "m/d/y": _("Month, day, year: 12/31/2026"),
    "y/m/d": _("Year, month, day: 2026-12-31"), "d/m": _("Day and month alone: 31/12"),
}  # fmt: skip
DELIMITERS = (("", _("Found by itself")), (",", ","), (";", ";"), ("\t", _("Tab")), ("|", "|"))
FAULT_WORDS = {
    "date": _("Point at the one column with the day."), "text": _("Point at the column with the text."),
    "amount": _("Point at the amount: one column, or one for money in and one for money out."),
}  # fmt: skip


def layout_typed(source: Any) -> Mapping[str, Any]:
    """A layout as the form tells it; `layout_of` leaves out what cannot be."""
    columns = [str(source.get(f"column-{place}", "")) for place in range(MOST_COLUMNS)]
    while columns and not columns[-1]:
        columns.pop()
    return {
        "columns": columns, "skip": source.get("skip", "1"), "dates": source.get("dates", ""),
        "decimal": source.get("decimal", ""), "delimiter": source.get("delimiter", ""),
    }  # fmt: skip


def preview(statement: BankStatement, typed: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the page of a draft shows. Two statements more than the draft's own."""
    draft = with_file(statement)
    if typed is not None:
        draft.layout = layout_of(typed).as_dict()
    layout = layout_of(draft.layout)
    shown: dict[str, Any] = {"csv": draft.file_format == "csv", "layout": layout, "fault": "", "read": None}
    if shown["csv"]:
        shown |= _pointing(bytes(draft.file_bytes), layout)
    try:
        shown |= _would_come(draft, read_draft(draft, at=clock.now()))
    except UnreadableStatement as error:
        known = FAULT_WORDS.get(error.text) if error.code == "layout" else None
        shown["fault"] = known or statement_fault(error)
    return shown


def _pointing(raw: bytes, layout: Layout) -> dict[str, Any]:
    rows = [row[:MOST_COLUMNS] for row in sample_rows(raw, layout)]
    width = min(max((len(row) for row in rows), default=1), MOST_COLUMNS)
    chosen = [*layout.columns, *[""] * width][:width]
    return {
        "columns": [{"place": place, "chosen": name} for place, name in enumerate(chosen)],
        "sample": [
            {"skipped": number <= layout.skip, "cells": [cell[:60] for cell in [*row, *[""] * width][:width]]}
            for number, row in enumerate(rows, start=1)
        ],
        "column_words": [(name, COLUMN_WORDS[name]) for name in COLUMNS], "delimiters": DELIMITERS,
        "date_words": [(name, DATE_WORDS[name]) for name in DATES],
    }  # fmt: skip


def _would_come(draft: BankStatement, read: ReadStatement) -> dict[str, Any]:
    keys = keys_of(read.lines)
    known = known_keys(bank_account_id=draft.bank_account_id, keys=keys)
    days = [line.date for line in read.lines]
    account = draft.bank_account
    return {
        "read": read, "new": sum(key not in known for key in keys), "known": len(known), "first": min(days),
        "last": max(days), "left_out": list(read.left_out)[:SHOWN], "left_out_count": len(read.left_out),
        "lines": [{"line": line, "known": key in known}
                  for line, key in list(zip(read.lines, keys, strict=True))[:SHOWN]],
        "more": max(0, len(read.lines) - SHOWN),
        "gap": gap_before(bank_account_id=draft.bank_account_id, first_date=min(days), opening=read.opening),
        "other_account": not same_account(read.account, account.number)
        or read.currency not in ("", account.currency),
    }  # fmt: skip
