"""How a paper looks, as data that people choose: never Typst, never HTML.

`PaperDesign()` is how every paper looks without a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from niaga.documents.rules.paper_parts import (
    ROLLS,
    Face,
    Layout,
    LogoPlace,
    Sheet,
    TextSize,
    Tongue,
    blocks_of,
    usual_columns,
)
from niaga.documents.rules.print_document import PrintKind

ACCENT = "#0b6b66"


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A column that is shown. `share` is percent of the width, 0 as much as it needs; empty headings are the usual."""

    key: str
    share: int = 0
    id: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class SignatureBox:
    """A place to sign, in place of the document's own of the same position."""

    id: str = ""
    en: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class PaperDesign:
    """`columns` and `blocks` are what is shown, in order; None is the usual of the kind."""

    layout: Layout = Layout.CLASSIC
    sheet: Sheet = Sheet.A4
    margin: int = 17
    """mm at the sides; above and below follow."""
    accent: str = ACCENT
    face: Face = Face.SANS
    size: TextSize = TextSize.NORMAL
    logo_place: LogoPlace = LogoPlace.LEFT
    logo_height: int = 15
    """mm."""
    tongue: Tongue = Tongue.CUSTOMER
    columns: tuple[PaperColumn, ...] | None = None
    blocks: tuple[str, ...] | None = None
    signatures: tuple[SignatureBox, ...] = ()
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By text, then by language."""

    def text(self, name: str, language: str) -> str:
        """The text in the language, else in the other one: words in a foreign language are better than none."""
        own = self.texts.get(name, {})
        return own.get(language) or next((text for text in own.values() if text), "")

    def shown_columns(self, kind: PrintKind) -> tuple[PaperColumn, ...]:
        if self.columns is None:
            return tuple(PaperColumn(key) for key in usual_columns(kind))
        return self.columns

    def shows(self, block: str, kind: PrintKind) -> bool:
        """What the kind does not offer to leave out is always there."""
        return self.blocks is None or block in self.blocks or block not in blocks_of(kind)

    @property
    def is_roll(self) -> bool:
        return self.sheet in ROLLS

    @property
    def scale(self) -> float:
        """Of every measure of text."""
        sheets = {Sheet.A5: 0.84, Sheet.CONTINUOUS_HALF: 0.9, Sheet.ROLL_58: 0.86}
        sizes = {TextSize.SMALL: 0.9, TextSize.LARGE: 1.12}
        return round(sheets.get(self.sheet, 1.0) * sizes.get(self.size, 1.0), 4)

    def as_data(self) -> dict[str, Any]:
        """As it is stored and as the API tells it."""
        data: dict[str, Any] = {**asdict(self), "texts": {name: dict(own) for name, own in self.texts.items()}}
        for name in ("layout", "sheet", "face", "size", "logo_place", "tongue"):
            data[name] = str(data[name])
        for name in ("columns", "blocks", "signatures"):
            data[name] = None if data[name] is None else list(data[name])
        return data
