"""From a `PrintDocument` to the words and columns on the paper, in one language. The template only places them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any

from niaga.core.rules.formatting import (
    NO_BREAK,
    format_amount,
    format_date,
    format_money,
    format_npwp,
    format_number,
    format_percent,
    format_price,
)
from niaga.core.rules.terbilang import LARGEST, amount_in_words
from niaga.documents.rules.print_document import PrintDocument, PrintKind, PrintLine, PrintPart, PrintParty, Stamp
from niaga.documents.rules.print_texts import texts_in

Payload = dict[str, Any]

LONGEST = 8000
"""Characters of one text on paper; what is beyond is cut with an ellipsis."""
BESIDE = 260
FOOT = 220
_LONG_RUN = re.compile(r"[^\W\s]{25,}")
_PIECE = re.compile(r"(.{8})(?=.)")
# Characters that change how their neighbours are read, or break what comes after them.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_PRICED = (
    PrintKind.QUOTATION,
    PrintKind.ORDER_CONFIRMATION,
    PrintKind.PRO_FORMA,
    PrintKind.INVOICE,
    PrintKind.DOWN_PAYMENT_INVOICE,
    PrintKind.CREDIT_NOTE,
)
_CLAIMS = (PrintKind.INVOICE, PrintKind.DOWN_PAYMENT_INVOICE, PrintKind.PRO_FORMA, PrintKind.CREDIT_NOTE)


def printable(text: str) -> str:
    """The text without control and direction marks, long words made breakable, so that it stays within its column."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _UNSEEN.sub("", text)
    if len(text) > LONGEST:
        text = text[:LONGEST] + "…"
    return _LONG_RUN.sub(lambda run: _PIECE.sub("\\1\u200b", run.group()), text)


def print_payload(*, kind: PrintKind, document: PrintDocument, language: str) -> Payload:
    """Everything the template needs, as JSON-able text."""
    words = texts_in(language)
    title = document.title or words[kind]
    priced = kind in _PRICED and document.totals is not None
    columns, rows = (
        _priced_table(document, words, language) if priced else _goods_table(kind, document, words, language)
    )
    if kind is PrintKind.RECEIPT:
        columns, rows = _allocation_table(document, words, language)
    blocks = _blocks(kind, document, words)
    beside: list[Payload] = []
    if priced and not document.banks:  # short texts stand beside the sums, where there is room
        while blocks and sum(len(part["text"]) for part in [*beside, blocks[0]]) <= BESIDE:
            beside.append(blocks.pop(0))
    return {
        "language": "id" if language.startswith("id") else "en",
        "kind": str(kind),
        "title": printable(title),
        "number": printable(document.number),
        "stamp": _stamp(document.stamp, words),
        "accent": document.accent if re.fullmatch(r"#[0-9a-fA-F]{6}", document.accent) else "#0b6b66",
        "logo": document.logo is not None,
        "company": _party(document.company, words),
        "parties": _parties(kind, document, words),
        "facts": _facts(kind, document, words, language),
        "columns": columns,
        "rows": rows,
        "totals": _totals(document, words, language) if priced else [],
        "hero": _hero(document, words, language) if kind is PrintKind.RECEIPT else None,
        "in_words": _in_words(kind, document, words, language),
        "instalments": _instalments(document, words, language),
        "banks": _banks(kind, document, words),
        "beside": beside,
        "blocks": blocks,
        "signatures": _signatures(document, words),
        "link": _link(document, words),
        "foot": printable(document.foot)[:FOOT],
        "page_label": words["page"],
        "pictured": priced and any(line.picture is not None for line in document.lines),
    }


def _stamp(stamp: Stamp | None, words: dict[str, str]) -> str:
    if stamp is None:
        return ""
    return words["paid_stamp"] if stamp is Stamp.PAID else words[stamp]


def _party(party: PrintParty, words: dict[str, str]) -> Payload:
    lines = [printable(line) for line in party.address if line.strip()]
    if party.contact:
        lines.append(f"{words['attention']} {printable(party.contact)}")
    reach = [f"{words['phone']} {party.phone}" if party.phone else "", party.email, party.website]
    if any(reach):
        lines.append(" · ".join(printable(part) for part in reach if part))
    if party.npwp:
        lines.append(f"{words['npwp']} {printable(format_npwp(party.npwp))}")
    if party.tax_number:
        lines.append(f"{words['tax_number']} {printable(party.tax_number)}")
    if party.nitku:
        lines.append(f"{words['nitku']} {printable(party.nitku)}")
    return {"name": printable(party.name), "lines": lines}


def _parties(kind: PrintKind, document: PrintDocument, words: dict[str, str]) -> list[Payload]:
    label = "received_from" if kind is PrintKind.RECEIPT else "bill_to" if kind in _CLAIMS else "to"
    parties = [_party(document.customer, words) | {"label": words[label]}]
    if document.deliver_to is not None:
        parties.append(_party(document.deliver_to, words) | {"label": words["deliver_to"]})
    return parties


def _facts(kind: PrintKind, document: PrintDocument, words: dict[str, str], language: str) -> list[list[str]]:
    day = format_date
    pairs = [
        ("date", day(document.day, language)),
        ("version", str(document.version) if document.version > 1 else ""),
        ("valid_until", day(document.valid_until, language) if document.valid_until else ""),
        ("due_date", day(document.due_date, language) if document.due_date else ""),
        ("payment_term", document.payment_term),
        ("delivery_date", day(document.delivery_date, language) if document.delivery_date else ""),
        ("invoice_number", document.invoice_number),
        ("customer_reference", document.customer_reference),
        ("order_numbers", "\n".join(document.order_numbers)),
        ("delivery_number", document.delivery_number),
        ("warehouse", document.warehouse),
        ("driver", document.driver),
        ("vehicle", document.vehicle),
        ("payment_method", words.get(f"method_{document.payment_method}", document.payment_method)),
        ("payment_reference", document.payment_reference),
        ("salesperson", document.salesperson),
    ]
    facts = [[words[key], printable(value)] for key, value in pairs if value]
    return facts + [[printable(label), printable(value)] for label, value in document.facts if value]


def _column(label: str, align: str = "left", width: str = "auto") -> dict[str, str]:
    return {"label": label, "align": align, "width": width}


def _cell(text: str, *, sub: Sequence[str] = (), tag: str = "", picture: str = "") -> Payload:
    return {"text": text, "sub": list(sub), "tag": tag, "picture": picture}


def picture_name(content: bytes) -> str:
    """The file that the template finds a line's picture under; the same picture is one file."""
    return f"picture-{sha256(content).hexdigest()}.img"


def _item_cell(line: PrintLine, words: dict[str, str], language: str = "") -> Payload:
    """With a `language`, what is in a bundle stands below its name, and its picture beside it; else its parts have
    rows of their own.
    """
    sub = [printable(line.sku)] if line.sku else []
    if line.detail:
        sub.append(printable(line.detail))
    if line.parts and language:
        inside = [
            f"{_quantity(part.quantity, part.unit, language)} {printable(part.description)}" for part in line.parts
        ]
        sub.append(f"{words['contents']}: {' · '.join(inside)}")
    tag = (words["chosen"] if line.chosen else words["optional"]) if line.optional else ""
    picture = picture_name(line.picture) if line.picture is not None and language else ""
    return _cell(printable(line.description), sub=sub, tag=tag, picture=picture)


def _quantity(value: Decimal | None, unit: str, language: str) -> str:
    if value is None:
        return ""
    figure = format_number(value, language)
    return f"{figure}{NO_BREAK}{printable(unit)}" if unit else figure


def _priced_table(document: PrintDocument, words: dict[str, str], language: str) -> tuple[list[Payload], list[Payload]]:
    currency = document.currency
    discounted = any(line.discount_percent or line.discount_amount for line in document.lines)
    columns = [
        _column("#"),
        _column(words["item"], width="1fr"),
        _column(words["quantity"], "right"),
        _column(words["unit_price"], "right"),
    ]
    if discounted:
        columns.append(_column(words["discount_column"], "right"))
    columns.append(_column(words["amount"], "right"))
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
            _cell(str(number)),
            _item_cell(line, words, language),
            _cell(_quantity(line.quantity, line.unit, language)),
            _cell(format_price(line.unit_price, currency, language) if line.unit_price is not None else ""),
        ]
        if discounted:
            cells.append(_cell(_discount(line, currency, language)))
        cells.append(_cell(amount if counted else f"({amount})"))
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


def _goods_table(
    kind: PrintKind, document: PrintDocument, words: dict[str, str], language: str
) -> tuple[list[Payload], list[Payload]]:
    """Delivery note and pick list: goods and quantities, no prices."""
    picking = kind is PrintKind.PICK_LIST
    columns = [_column("#")]
    if picking:
        columns.append(_column(words["place"]))
    columns.append(_column(words["item"], width="1fr"))
    ordered = not picking and any(line.ordered is not None for line in document.lines)
    if ordered:
        columns.append(_column(words["ordered"], "right"))
    if picking:
        columns += [
            _column(words["available"], "right"),
            _column(words["to_pick"], "right"),
            _column(words["picked"], "box"),
        ]
    else:
        columns.append(_column(words["shipped"] if ordered else words["quantity"], "right"))
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
        cells = [_cell(str(number))]
        if picking:
            cells.append(_cell(printable(line.place)))
        cells.append(_item_cell(line, words))
        if ordered:
            cells.append(_cell(_quantity(line.ordered, line.unit, language)))
        if picking:
            cells.append(_cell(_quantity(line.available, line.unit, language)))
        cells.append(_cell(_quantity(line.quantity, line.unit, language)))
        if picking:
            cells.append(_cell(""))
        rows.append({"type": "item", "cells": cells, "muted": False})
        rows += [_part_row(part, language, picking=picking, ordered=ordered) for part in line.parts]
    return columns, rows


def _part_row(part: PrintPart, language: str, *, picking: bool, ordered: bool) -> Payload:
    """What is in a bundle, below it: as much as the whole line takes."""
    cells = [_cell("")]
    if picking:
        cells.append(_cell(""))
    cells.append(_cell(f"– {printable(part.description)}", sub=[printable(part.sku)] if part.sku else []))
    if ordered:
        cells.append(_cell(""))
    if picking:
        cells.append(_cell(_quantity(part.available, part.unit, language)))
    cells.append(_cell(_quantity(part.quantity, part.unit, language)))
    if picking:
        cells.append(_cell(""))
    return {"type": "item", "cells": cells, "muted": not picking}


def _allocation_table(
    document: PrintDocument, words: dict[str, str], language: str
) -> tuple[list[Payload], list[Payload]]:
    if not document.allocations:
        return [], []
    open_left = any(each.remaining is not None for each in document.allocations)
    columns = [
        _column(words["document"], width="1fr"),
        _column(words["document_date"]),
        _column(words["settled"], "right"),
    ]
    if open_left:
        columns.append(_column(words["remaining"], "right"))
    rows: list[Payload] = []
    for each in document.allocations:
        cells = [
            _cell(printable(each.number) or words["advance"]),
            _cell(format_date(each.day, language) if each.day else ""),
            _cell(format_amount(each.amount, document.currency, language)),
        ]
        if open_left:
            left = each.remaining
            cells.append(_cell(format_amount(left, document.currency, language) if left is not None else ""))
        rows.append({"type": "item", "cells": cells, "muted": False})
    return columns, rows


def _totals(document: PrintDocument, words: dict[str, str], language: str) -> list[Payload]:
    """Label, figure and weight (`plain`, `total`, `after`) of each line of the sums."""
    totals = document.totals
    assert totals is not None
    currency = document.currency

    def amount(value: Decimal) -> str:
        return format_amount(value, currency, language)

    rows: list[Payload] = []

    def add(label: str, value: str, weight: str = "plain") -> None:
        rows.append({"label": label, "value": value, "weight": weight})

    if totals.discount or totals.points or totals.taxes or totals.rounding:
        add(words["subtotal"], amount(totals.subtotal))
    if totals.discount:
        percent = f" {format_percent(totals.discount_percent, language)}" if totals.discount_percent else ""
        add(words["discount"] + percent, amount(-totals.discount))
    if totals.points:
        label = words[{0: "no_point", 1: "one_point"}.get(totals.points_used, "points")]
        add(label.format(points=format_number(Decimal(totals.points_used), language)), amount(-totals.points))
    for tax in totals.taxes:
        facts = {"name": printable(tax.name), "rate": format_percent(tax.rate, language)}
        several = f" · {facts['name']} {facts['rate']}" if sum(not one.is_beside for one in totals.taxes) > 1 else ""
        if tax.other_base is not None and tax.other_base != tax.base:
            fraction = {"numerator": tax.numerator, "denominator": tax.denominator}
            if totals.prices_include_tax or several or tax.base != totals.subtotal:
                add(words["base"] + several, amount(tax.base))
            add(words["other_base"].format(**fraction), amount(tax.other_base))
        elif tax.rate and not tax.is_beside:
            add(words["base"] + several, amount(tax.base))
        if tax.rate:
            add(words["tax_included" if totals.prices_include_tax else "tax"].format(**facts), amount(tax.amount))
    if totals.rounding:
        add(words["rounding"], amount(totals.rounding))
    add(words["total"], format_money(totals.total, currency, language), "total")
    if totals.tax_by_buyer:
        add(words["tax_paid_by_buyer"], amount(-totals.tax_by_buyer), "after")
    if totals.down_payment:
        add(words["down_payment"], amount(-totals.down_payment), "after")
    if totals.paid:
        add(words["paid"], amount(-totals.paid), "after")
    if totals.down_payment or totals.paid or totals.tax_by_buyer:
        left = totals.total - totals.tax_by_buyer - totals.down_payment - totals.paid
        add(words["balance"], format_money(left, currency, language), "balance")
    return rows


def _hero(document: PrintDocument, words: dict[str, str], language: str) -> Payload:
    received = document.received or Decimal(0)
    return {"label": words["amount_received"], "value": format_money(received, document.currency, language)}


def _in_words(kind: PrintKind, document: PrintDocument, words: dict[str, str], language: str) -> Payload | None:
    amount = document.received if kind is PrintKind.RECEIPT else document.totals.total if document.totals else None
    if amount is None or kind not in (*_PRICED, PrintKind.RECEIPT) or abs(amount) >= LARGEST:
        return None
    return {"label": words["in_words"], "text": amount_in_words(amount, document.currency, language)}


def _instalments(document: PrintDocument, words: dict[str, str], language: str) -> Payload | None:
    if len(document.instalments) < 2:
        return None
    rows = [
        [
            words["instalment"].format(n=n),
            format_date(part.due_date, language),
            format_money(part.amount, document.currency, language),
        ]
        for n, part in enumerate(document.instalments, start=1)
    ]
    return {"label": words["instalments"], "rows": rows}


def _banks(kind: PrintKind, document: PrintDocument, words: dict[str, str]) -> Payload | None:
    if not document.banks or kind in (PrintKind.CREDIT_NOTE, PrintKind.RECEIPT):
        return None
    rows = [
        {
            "bank": printable(each.bank),
            "number": printable(each.number),
            "holder": f"{words['holder']} {printable(each.holder)}",
        }
        for each in document.banks
    ]
    return {"label": words["pay_to"], "rows": rows, "note": words["pay_note"].format(number=printable(document.number))}


def _blocks(kind: PrintKind, document: PrintDocument, words: dict[str, str]) -> list[Payload]:
    texts = [
        (words["reason"], document.reason),
        (words["tax_remarks"], " ".join(document.tax_remarks)),
        (words["for_payment_of"] if kind is PrintKind.RECEIPT else words["note"], document.note),
        (words["terms"], document.terms_text),
    ]
    return [{"label": label, "text": printable(text.strip())} for label, text in texts if text.strip()]


def _link(document: PrintDocument, words: dict[str, str]) -> Payload | None:
    url = document.public_url
    if not url.startswith(("https://", "http://")):
        return None
    return {"label": words["open_online"], "url": url, "shown": printable(url)}


def _signatures(document: PrintDocument, words: dict[str, str]) -> list[Payload]:
    return [
        {
            "label": words.get(each.role, printable(each.role)),
            "name": printable(each.name),
            "at": printable(each.at),
            "image": each.image is not None,
            "blank": words["sign_name_and_date"],
        }
        for each in document.signatures
    ]


def document_title(*, kind: PrintKind, document: PrintDocument, language: str) -> str:
    """For the PDF's own title: `Faktur INV-2026-00001 · PT Sumber Makmur`."""
    title = document.title or texts_in(language)[kind]
    return f"{title} {document.number} · {document.company.name}"
