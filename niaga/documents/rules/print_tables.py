"""The table of a document on paper: priced lines, goods to pick or to hand over, or what a payment settles."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from niaga.core.rules.formatting import format_amount, format_date, format_percent, format_price
from niaga.documents.rules.print_cells import Payload, Table, cell, column, item_cell, quantity_text
from niaga.documents.rules.print_document import PrintDocument, PrintKind, PrintLine, PrintPart
from niaga.documents.rules.printable import printable


def priced_table(document: PrintDocument, words: dict[str, str], language: str) -> Table:
    currency = document.currency
    discounted = any(line.discount_percent or line.discount_amount for line in document.lines)
    columns = [
        column("#"),
        column(words["item"], width="1fr"),
        column(words["quantity"], "right"),
        column(words["unit_price"], "right"),
    ]
    if discounted:
        columns.append(column(words["discount_column"], "right"))
    columns.append(column(words["amount"], "right"))
    sums = _section_sums(document.lines)
    rows: list[Payload] = []
    number = 0
    for index, line in enumerate(document.lines):
        if line.kind == "section":
            shown = format_amount(sums[index], currency, language) if sums.get(index) is not None else ""
            rows.append({"type": "section", "text": printable(line.description), "amount": shown})
            continue
        if line.kind == "note":
            rows.append({"type": "note", "text": printable(line.description)})
            continue
        number += 1
        counted = line.chosen or not line.optional
        amount = format_amount(line.amount, currency, language) if line.amount is not None else ""
        cells = [
            cell(str(number)),
            item_cell(line, words, language),
            cell(quantity_text(line.quantity, line.unit, language)),
            cell(format_price(line.unit_price, currency, language) if line.unit_price is not None else ""),
        ]
        if discounted:
            cells.append(cell(_discount(line, currency, language)))
        cells.append(cell(amount if counted else f"({amount})"))
        rows.append({"type": "item", "cells": cells, "muted": not counted})
    return columns, rows


def _discount(line: PrintLine, currency: str, language: str) -> str:
    if line.discount_percent:
        return format_percent(line.discount_percent, language)
    return format_amount(line.discount_amount, currency, language) if line.discount_amount else ""


def _section_sums(lines: Sequence[PrintLine]) -> dict[int, Decimal]:
    """What each section's counted lines come to, by the index of its heading."""
    sums: dict[int, Decimal] = {}
    current: int | None = None
    for index, line in enumerate(lines):
        if line.kind == "section":
            current = index
            sums[current] = Decimal(0)
        elif current is not None and line.amount is not None and (line.chosen or not line.optional):
            sums[current] += line.amount
    return sums


def goods_table(kind: PrintKind, document: PrintDocument, words: dict[str, str], language: str) -> Table:
    """Delivery note and pick list: goods and quantities, no prices."""
    picking = kind is PrintKind.PICK_LIST
    columns = [column("#")]
    if picking:
        columns.append(column(words["place"]))
    columns.append(column(words["item"], width="1fr"))
    ordered = not picking and any(line.ordered is not None for line in document.lines)
    if ordered:
        columns.append(column(words["ordered"], "right"))
    if picking:
        columns += [
            column(words["available"], "right"),
            column(words["to_pick"], "right"),
            column(words["picked"], "box"),
        ]
    else:
        columns.append(column(words["shipped"] if ordered else words["quantity"], "right"))
    rows: list[Payload] = []
    number = 0
    for line in document.lines:
        if line.kind == "section":
            rows.append({"type": "section", "text": printable(line.description), "amount": ""})
            continue
        if line.kind == "note":
            rows.append({"type": "note", "text": printable(line.description)})
            continue
        number += 1
        cells = [cell(str(number))]
        if picking:
            cells.append(cell(printable(line.place)))
        cells.append(item_cell(line, words))
        if ordered:
            cells.append(cell(quantity_text(line.ordered, line.unit, language)))
        if picking:
            cells.append(cell(quantity_text(line.available, line.unit, language)))
        cells.append(cell(quantity_text(line.quantity, line.unit, language)))
        if picking:
            cells.append(cell(""))
        rows.append({"type": "item", "cells": cells, "muted": False})
        rows += [_part_row(part, language, picking=picking, ordered=ordered) for part in line.parts]
    return columns, rows


def _part_row(part: PrintPart, language: str, *, picking: bool, ordered: bool) -> Payload:
    """What is in a bundle, below it: as much as the whole line takes."""
    cells = [cell("")]
    if picking:
        cells.append(cell(""))
    cells.append(cell(f"– {printable(part.description)}", sub=[printable(part.sku)] if part.sku else []))
    if ordered:
        cells.append(cell(""))
    if picking:
        cells.append(cell(quantity_text(part.available, part.unit, language)))
    cells.append(cell(quantity_text(part.quantity, part.unit, language)))
    if picking:
        cells.append(cell(""))
    return {"type": "item", "cells": cells, "muted": not picking}


def allocation_table(document: PrintDocument, words: dict[str, str], language: str) -> Table:
    if not document.allocations:
        return [], []
    open_left = any(each.remaining is not None for each in document.allocations)
    columns = [
        column(words["document"], width="1fr"),
        column(words["document_date"]),
        column(words["settled"], "right"),
    ]
    if open_left:
        columns.append(column(words["remaining"], "right"))
    rows: list[Payload] = []
    for each in document.allocations:
        cells = [
            cell(printable(each.number) or words["advance"]),
            cell(format_date(each.day, language) if each.day else ""),
            cell(format_amount(each.amount, document.currency, language)),
        ]
        if open_left:
            left = each.remaining
            cells.append(cell(format_amount(left, document.currency, language) if left is not None else ""))
        rows.append({"type": "item", "cells": cells, "muted": False})
    return columns, rows
