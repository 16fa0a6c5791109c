"""The columns and cells of a table on paper."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any

from niaga.core.rules.formatting import NO_BREAK, format_date, format_number
from niaga.documents.rules.bar_code import bars_of
from niaga.documents.rules.paper_design import PaperColumn
from niaga.documents.rules.print_document import PrintLine, PrintLot
from niaga.documents.rules.printable import printable

Payload = dict[str, Any]
Table = tuple[list[Payload], list[Payload]]
"""Columns and rows."""


def column(key: str, label: str, align: str = "left") -> Payload:
    return {"key": key, "label": label, "align": align}


def keyed(row: Mapping[str, Payload], *, muted: bool = False) -> Payload:
    """A line of the table, its cells by the keys of their columns."""
    return {"type": "item", "cells": row, "muted": muted}


def arranged(table: Table, chosen: Sequence[PaperColumn], main: str, languages: Sequence[str]) -> Table:
    """The table with the chosen columns in their order; the main one takes what the others leave."""
    columns, rows = table
    known = {one["key"]: one for one in columns}
    shown = [one for one in chosen if one.key in known]
    last = shown[-1].key if shown else ""

    def placed(row: Payload) -> Payload:
        if row["type"] == "item":
            return {**row, "cells": [row["cells"].get(one.key) or cell("") for one in shown]}
        return {**row, "amount": ""} if row["type"] == "section" and last != "amount" else row

    heads = []
    for one in shown:
        own = [text for language in languages if (text := getattr(one, language))]
        width = "1fr" if one.key == main else f"{one.share}%" if one.share else "auto"
        label = printable("\n".join(dict.fromkeys(own))) if own else known[one.key]["label"]
        heads.append({**known[one.key], "label": label, "width": width})
    return heads, [placed(row) for row in rows]


def cell(text: str, *, sub: Sequence[str] = (), tag: str = "", picture: str = "") -> Payload:
    return {"text": text, "sub": list(sub), "tag": tag, "picture": picture}


def bar_cell(code: str) -> Payload:
    """A bar code with its figures below; one that no bars stand for has its figures alone."""
    bars = bars_of(code)
    drawn = {"picture": picture_name(bars.svg, "svg"), "wide": bars.width} if bars else {}
    return {**cell(printable(code)), **drawn}


def picture_name(content: bytes, ending: str = "img") -> str:
    """The file that the template finds a line's picture under; the same picture is one file."""
    return f"picture-{sha256(content).hexdigest()}.{ending}"


def item_cell(
    line: PrintLine, words: dict[str, str], language: str = "", *, with_sku: bool = True, apart: Collection[str] = ()
) -> Payload:
    """With a `language`, what is in a bundle stands below its name, and its picture beside it; else its parts have
    rows of their own. What has a column `apart` is not told below the name.
    """
    sub = [printable(line.sku)] if line.sku and with_sku else []
    if line.detail:
        sub.append(printable(line.detail))
    for name, day in (("requested_date", line.requested_date), ("delivery_date", line.delivery_date)):
        if day and language and name not in apart:
            sub.append(f"{words[name]}: {format_date(day, language)}")
    if line.parts and language:
        inside = [
            f"{quantity_text(part.quantity, part.unit, language)} {printable(part.description)}" for part in line.parts
        ]
        sub.append(f"{words['contents']}: {' · '.join(inside)}")
    tag = (words["chosen"] if line.chosen else words["optional"]) if line.optional else ""
    picture = picture_name(line.picture) if line.picture is not None and language else ""
    return cell(printable(line.description), sub=sub, tag=tag, picture=picture)


def lot_cells(lots: Sequence[PrintLot], language: str) -> dict[str, Payload]:
    """The lots of a line and their last days, one below the other; with several, how much there is of each."""

    def stacked(texts: Sequence[str]) -> Payload:
        return cell(texts[0], sub=texts[1:]) if texts else cell("")

    several = len(lots) > 1
    names = [printable(f"{lot.number} ({lot.quantity})" if several and lot.quantity else lot.number) for lot in lots]
    days = [format_date(lot.expires_on, language) if lot.expires_on else "" for lot in lots]
    return {"lot": stacked(names), "expires": stacked(days)}


def quantity_text(value: Decimal | None, unit: str, language: str) -> str:
    if value is None:
        return ""
    figure = format_number(value, language)
    return f"{figure}{NO_BREAK}{printable(unit)}" if unit else figure
