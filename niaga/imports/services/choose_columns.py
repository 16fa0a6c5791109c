"""Which column of a file is which of ours, and how the file writes figures and days."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from niaga.core.money import exponent
from niaga.imports.errors import ColumnsMissing
from niaga.imports.rules.kinds import Kind, Shape, guess_mapping
from niaga.imports.rules.values import Style, guess_style, signs_of
from niaga.imports.wording import COLUMN_NAMES, column_name


def checked_mapping(
    kind: Kind, headings: Sequence[str], chosen: dict[str, str], *, update: bool = False
) -> dict[str, str]:
    """Our columns to the file's headings: as chosen, else by names. To `update` what is there, its key is enough.

    :raises ColumnsMissing: a column that is needed has no heading
    """
    labels = {name: str(text) for name, text in COLUMN_NAMES.items()}
    mapping = chosen or guess_mapping(kind, headings, labels)
    mapping = {
        column.name: mapping[column.name] for column in kind.columns if mapping.get(column.name) in set(headings)
    }
    missing = [name for name in needed_columns(kind, update=update) if name not in mapping]
    if missing:
        raise ColumnsMissing(
            _("These columns are missing: %(names)s.") % {"names": ", ".join(column_name(name) for name in missing)},
            lines=[{"line": 1, "field": name} for name in missing],
        )
    return mapping


def needed_columns(kind: Kind, *, update: bool) -> list[str]:
    """What the file must have: to update what is there, only the column that tells rows apart."""
    return [kind.key] if update else [column.name for column in kind.columns if column.required]


def style_of(
    kind: Kind,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    mapping: dict[str, str],
    options: dict[str, Any],
    currency: str,
) -> Style:
    """How the file writes figures and days: as the person said, else as a sample shows."""

    def cells(shape: Shape) -> list[str]:
        places = [headings.index(heading) for name, heading in mapping.items() if kind.column(name).shape == shape]
        return [row[place] for row in rows for place in places if place < len(row) and row[place]]

    guessed = guess_style(
        cells(Shape.NUMBER), cells(Shape.MOMENT), currency=currency, whole_money=exponent(currency) == 0
    )
    decimal = {"point": ".", "comma": ","}.get(str(options.get("decimal", "")), guessed.decimal)
    month_first = {"day": False, "month": True}.get(str(options.get("days", "")), guessed.month_first)
    return Style(decimal, month_first, signs_of(currency))
