"""The table of a document on paper: priced lines, goods to pick or to hand over, or what a payment settles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from niaga.core.rules.formatting import format_amount, format_date, format_percent, format_price
from niaga.documents.rules.print_cells import (
    Payload,
    Table,
    bar_cell,
    cell,
    column,
    item_cell,
    keyed,
    lot_cells,
    quantity_text,
)
from niaga.documents.rules.print_document import PrintDocument, PrintKind, PrintLine, PrintPart
from niaga.documents.rules.printable import printable


def priced_table(document: PrintDocument, words: dict[str, str], language: str, keys: Collection[str]) -> Table:
    """`keys`: the columns that are wanted. What has a column of its own is not told in another."""
    currency = document.currency
    columns = [
        column("number", "#"), column("sku", words["sku"]), column("item", words["item"]),
        column("requested_date", words["requested_date"]), column("delivery_date", words["delivery_date"]),
        column("lot", words["lot"]), column("expires", words["expires"]),
        column("quantity", words["quantity"], "right"), column("unit", words["unit"]),
        column("unit_price", words["unit_price"], "right"),
    ]  # fmt: skip
    if any(line.discount_percent or line.discount_amount for line in document.lines):
        columns.append(column("discount_column", words["discount_column"], "right"))
    columns += [column("tax_rate", words["tax_rate"], "right"), column("amount", words["amount"], "right")]
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
        price = format_price(line.unit_price, currency, language) if line.unit_price is not None else ""
        cells = {
            "number": cell(str(number)),
            "sku": cell(printable(line.sku)),
            "item": item_cell(line, words, language, with_sku="sku" not in keys, apart=keys),
            "requested_date": _day_cell(line.requested_date or document.requested_date, language),
            "delivery_date": _day_cell(line.delivery_date or document.delivery_date, language),
            "quantity": cell(quantity_text(line.quantity, "" if "unit" in keys else line.unit, language)),
            "unit": cell(printable(line.unit)),
            "unit_price": cell(price),
            "discount_column": cell(_discount(line, currency, language)),
            "tax_rate": cell(format_percent(line.tax_rate, language) if line.tax_rate is not None else ""),
            "amount": cell(amount if counted else f"({amount})"),
            **lot_cells(line.lots, language),
        }
        rows.append(keyed(cells, muted=not counted))
    return columns, rows


def _day_cell(day: date | None, language: str) -> Payload:
    return cell(format_date(day, language) if day else "")


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


def goods_table(
    kind: PrintKind, document: PrintDocument, words: dict[str, str], language: str, keys: Collection[str]
) -> Table:
    """Delivery note, pick list, load list and return slip: goods and quantities, no prices."""
    picking = kind is PrintKind.PICK_LIST
    ordered = not picking and any(line.ordered is not None for line in document.lines)
    quantity = "to_pick" if picking else "quantity"
    columns = [
        column("number", "#"), column("place", words["place"]), column("sku", words["sku"]),
        column("barcode", words["barcode"]), column("item", words["item"]), column("lot", words["lot"]),
        column("expires", words["expires"]),
    ]  # fmt: skip
    if ordered:
        columns.append(column("ordered", words["ordered"], "right"))
    columns += [
        column("available", words["available"], "right"),
        column(quantity, words["to_pick" if picking else "shipped" if ordered else "quantity"], "right"),
        column("unit", words["unit"]), column("weight", words["weight"], "right"),
        column("return_reason", words["return_reason"]),
        column("return_condition", words["return_condition"]),
        column("picked", words["loaded" if kind is PrintKind.LOAD_LIST else "picked"], "box"),
        column("came", words["came"], "box"),
    ]  # fmt: skip

    def cells(line: PrintLine | PrintPart, item: Payload, number: str = "", wanted: Decimal | None = None) -> Payload:
        unit = "" if "unit" in keys else line.unit
        return {
            "number": cell(number),
            "sku": cell(printable(line.sku)),
            "item": item,
            "ordered": cell(quantity_text(wanted, unit, language)),
            "available": cell(quantity_text(line.available, unit, language)),
            quantity: cell(quantity_text(line.quantity, unit, language)),
            "unit": cell(printable(line.unit)),
            **lot_cells(line.lots, language),
        }

    def own(line: PrintLine) -> Payload:
        return {
            "place": cell(printable(line.place)), "barcode": bar_cell(line.barcode),
            "weight": cell(quantity_text(line.weight, "kg", language)),
            "return_reason": cell(printable(line.reason)), "return_condition": cell(printable(line.condition)),
        }  # fmt: skip

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
        told = replace(line, detail="") if "lot" in keys and line.lots else line  # they have a column of their own
        item = item_cell(told, words, with_sku="sku" not in keys)
        rows.append(keyed({**cells(line, item, str(number), line.ordered), **own(line)}))
        for part in line.parts:  # below it: as much as the whole line takes
            name = f"– {printable(part.description)}"
            inside = cell(name, sub=[printable(part.sku)] if part.sku and "sku" not in keys else [])
            rows.append(keyed(cells(part, inside), muted=not picking))
    return columns, rows


def allocation_table(document: PrintDocument, words: dict[str, str], language: str) -> Table:
    if not document.allocations:
        return [], []
    columns = [
        column("document", words["document"]),
        column("document_date", words["document_date"]),
        column("settled", words["settled"], "right"),
    ]
    if any(each.remaining is not None for each in document.allocations):
        columns.append(column("remaining", words["remaining"], "right"))

    def amount(value: Decimal | None) -> Payload:
        return cell(format_amount(value, document.currency, language) if value is not None else "")

    rows = [
        keyed(
            {
                "document": cell(printable(each.number) or words["advance"]),
                "document_date": cell(format_date(each.day, language) if each.day else ""),
                "settled": amount(each.amount),
                "remaining": amount(each.remaining),
            }
        )
        for each in document.allocations
    ]
    return columns, rows
