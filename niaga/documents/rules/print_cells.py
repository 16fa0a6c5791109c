"""The columns and cells of a table on paper."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any

from niaga.core.rules.formatting import NO_BREAK, format_number
from niaga.documents.rules.print_document import PrintLine
from niaga.documents.rules.printable import printable

Payload = dict[str, Any]
Table = tuple[list[Payload], list[Payload]]
"""Columns and rows."""


def column(label: str, align: str = "left", width: str = "auto") -> dict[str, str]:
    return {"label": label, "align": align, "width": width}


def cell(text: str, *, sub: Sequence[str] = (), tag: str = "", picture: str = "") -> Payload:
    return {"text": text, "sub": list(sub), "tag": tag, "picture": picture}


def picture_name(content: bytes) -> str:
    """The file that the template finds a line's picture under; the same picture is one file."""
    return f"picture-{sha256(content).hexdigest()}.img"


def item_cell(line: PrintLine, words: dict[str, str], language: str = "") -> Payload:
    """With a `language`, what is in a bundle stands below its name, and its picture beside it; else its parts have
    rows of their own.
    """
    sub = [printable(line.sku)] if line.sku else []
    if line.detail:
        sub.append(printable(line.detail))
    if line.parts and language:
        inside = [
            f"{quantity_text(part.quantity, part.unit, language)} {printable(part.description)}" for part in line.parts
        ]
        sub.append(f"{words['contents']}: {' · '.join(inside)}")
    tag = (words["chosen"] if line.chosen else words["optional"]) if line.optional else ""
    picture = picture_name(line.picture) if line.picture is not None and language else ""
    return cell(printable(line.description), sub=sub, tag=tag, picture=picture)


def quantity_text(value: Decimal | None, unit: str, language: str) -> str:
    if value is None:
        return ""
    figure = format_number(value, language)
    return f"{figure}{NO_BREAK}{printable(unit)}" if unit else figure
