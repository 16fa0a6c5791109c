"""What differs between two designs, one row a setting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from niaga.documents.rules.paper_design import PaperDesign


def design_changes(before: PaperDesign, after: PaperDesign) -> list[tuple[str, str, str]]:
    """The setting (as the form names it), what it was and what it is, in the order of the form."""
    one, other = _flat(before), _flat(after)
    names = [*one, *(name for name in other if name not in one)]
    return [
        (name, one.get(name, ""), other.get(name, "")) for name in names if one.get(name, "") != other.get(name, "")
    ]


def _flat(design: PaperDesign) -> dict[str, str]:
    data = design.as_data()
    found = {name: str(value) for name, value in data.items() if isinstance(value, str | int)}
    found["columns"] = "" if design.columns is None else ", ".join(one.key for one in design.columns)
    for column in design.columns or ():
        found |= _told(f"column_{column.key}", {"share": column.share or "", "id": column.id, "en": column.en})
    found["blocks"] = "" if design.blocks is None else ", ".join(design.blocks) or "–"
    for place, box in enumerate(design.signatures, start=1):
        found |= _told(f"signature_{place}", {"id": box.id, "en": box.en, "name": box.name})
    for name, own in design.texts.items():
        found |= _told(f"text_{name}", own)
    return found


def _told(name: str, values: Mapping[str, Any]) -> dict[str, str]:
    return {f"{name}_{key}": str(value) for key, value in values.items() if value}
