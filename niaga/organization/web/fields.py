"""Choices that several settings forms share, and how wide a field stands."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
THEMES = [("system", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))]
OF_INDONESIA = [
    ("Asia/Jakarta", "WIB · Jakarta"),
    ("Asia/Makassar", "WITA · Makassar"),
    ("Asia/Jayapura", "WIT · Jayapura"),
]


@cache
def zones() -> list[Any]:
    known = {zone for zone, _label in OF_INDONESIA}
    others = sorted(zone for zone in available_timezones() if "/" in zone and zone not in known)
    return [("Indonesia", OF_INDONESIA), (_("Elsewhere"), [(zone, zone.replace("_", " ")) for zone in others])]


class SettingsForm(forms.Form):
    """`half` names fields that stand two in a row."""

    half: Sequence[str] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("label_suffix", "")
        super().__init__(*args, **options)
        for name in self.half:
            if name in self.fields:
                self.fields[name].widget_width = "half"  # type: ignore[attr-defined]


def choose(rows: Iterable[tuple[UUID, str]], empty: Any = "") -> list[tuple[str, Any]]:
    """Choices of a select: rows of id and name, after an empty one."""
    return [("", empty or "—"), *((str(row_id), name) for row_id, name in rows)]


def chosen(value: str) -> UUID | None:
    return UUID(value) if value else None


def tree(rows: Iterable[Any]) -> list[tuple[int, Any]]:
    """Rows with `id` and `parent_id` as they hang: each with its depth, parents before children."""
    rows = list(rows)
    ids = {row.id for row in rows}
    below: dict[UUID | None, list[Any]] = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in ids else None, []).append(row)
    found: list[tuple[int, Any]] = []

    def walk(parent: UUID | None, depth: int) -> None:
        for row in below.get(parent, []):
            found.append((depth, row))
            walk(row.id, depth + 1)

    walk(None, 0)
    return found
