"""From data that came from outside to a design: everything is checked, whatever is wrong is named by its field."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as given_by
from enum import StrEnum
from typing import Any, TypeVar

from niaga.core.rules.placeholders import unknown_placeholders
from niaga.documents.rules import paper_parts as parts
from niaga.documents.rules.contrast import COLOUR, LEAST, contrast_with_white
from niaga.documents.rules.paper_design import ACCENT, PaperColumn, PaperDesign, SignatureBox
from niaga.documents.rules.print_document import PrintKind

MARGIN = (8, 30)
LOGO_HEIGHT = (6, 40)
SHARE = (0, 60)
WIDEST = 80
"""Percent that columns of a chosen width may take together."""
MOST_SIGNATURES = 4
LONGEST_HEADING = 40
LONGEST_NAME = 80
FIELDS = frozenset(PaperDesign.__dataclass_fields__)
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class DesignFault:
    """`field` as the form names it, such as `text_title_id`; `code` one of the words of `web`."""

    field: str
    code: str
    facts: Mapping[str, Any] = given_by(default_factory=dict)


def read_design(kind: PrintKind, data: Mapping[str, Any]) -> tuple[PaperDesign, list[DesignFault]]:
    """The design and all that is wrong with the data; what is wrong is as usual in the design."""
    reading = _Reading(kind, data)
    return reading.design(), reading.faults


class _Reading:
    def __init__(self, kind: PrintKind, data: Mapping[str, Any]) -> None:
        self.kind, self.data = kind, data
        self.faults: list[DesignFault] = []

    def fault(self, name: str, code: str, /, **facts: Any) -> None:
        self.faults.append(DesignFault(name, code, facts))

    def design(self) -> PaperDesign:
        for name in sorted(set(map(str, self.data)) - FIELDS):
            self.fault("design", "unknown_setting", name=name[:LONGEST_HEADING])
        sheet = self._choice("sheet", parts.Sheet, parts.Sheet.A4)
        if sheet not in parts.SHEETS[self.kind]:
            self.fault("sheet", "not_for_this_kind")
            sheet = parts.Sheet.A4
        return PaperDesign(
            layout=self._choice("layout", parts.Layout, parts.Layout.CLASSIC),
            sheet=sheet,
            margin=self._number("margin", self.data.get("margin", 17), MARGIN, 17),
            accent=self._accent(),
            face=self._choice("face", parts.Face, parts.Face.SANS),
            size=self._choice("size", parts.TextSize, parts.TextSize.NORMAL),
            logo_place=self._choice("logo_place", parts.LogoPlace, parts.LogoPlace.LEFT),
            logo_height=self._number("logo_height", self.data.get("logo_height", 15), LOGO_HEIGHT, 15),
            tongue=self._choice("tongue", parts.Tongue, parts.Tongue.CUSTOMER),
            columns=self._columns(),
            blocks=self._blocks(),
            signatures=self._signatures(),
            texts=self._texts(),
        )

    def _choice(self, name: str, choices: type[Choice], usual: Choice) -> Choice:
        value = self.data.get(name, usual)
        if isinstance(value, str) and value in set(choices):
            return choices(value)
        self.fault(name, "not_a_choice")
        return usual

    def _number(self, name: str, value: Any, bounds: tuple[int, int], usual: int) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and bounds[0] <= value <= bounds[1]:
            return value
        self.fault(name, "out_of_bounds", least=bounds[0], most=bounds[1])
        return usual

    def _accent(self) -> str:
        value = self.data.get("accent", ACCENT)
        colour = value.strip().lower() if isinstance(value, str) else ""
        if not COLOUR.fullmatch(colour):
            self.fault("accent", "not_a_colour")
            return ACCENT
        if contrast_with_white(colour) < LEAST:
            self.fault("accent", "too_pale")
            return ACCENT
        return colour

    def _text(self, name: str, value: Any, longest: int, *, lines: bool = False) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault(name, "not_a_text")
            return ""
        text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        if len(text) > longest:
            self.fault(name, "too_long", most=longest)
            return ""
        if any(unicodedata.category(one) in ("Cc", "Cs") and not (lines and one == "\n") for one in text):
            self.fault(name, "control_characters")
            return ""
        return text

    def _list(self, name: str, read: Callable[[Any], Any]) -> list[Any] | None:
        value = self.data.get(name)
        if value is None:
            return None
        if not isinstance(value, Sequence) or isinstance(value, str | bytes) or len(value) > 30:
            self.fault(name, "not_a_list")
            return None
        return [one for one in map(read, value) if one is not None]

    def _columns(self) -> tuple[PaperColumn, ...] | None:
        known = parts.columns_of(self.kind)

        def read(one: Any) -> PaperColumn | None:
            key = one.get("key") if isinstance(one, Mapping) else None
            if not isinstance(key, str) or key not in known:
                self.fault("columns", "unknown_column", name=str(key)[:LONGEST_HEADING])
                return None
            share = self._number(f"column_{key}_share", one.get("share", 0), SHARE, 0)
            texts = {
                language: self._text(f"column_{key}_{language}", one.get(language), LONGEST_HEADING)
                for language in parts.LANGUAGES
            }
            return PaperColumn(key, share, **texts)

        found = self._list("columns", read)
        if found is None:
            return None
        if len({one.key for one in found}) != len(found):
            self.fault("columns", "twice")
            return None
        if parts.main_column(self.kind) not in {one.key for one in found}:
            self.fault("columns", "main_column_missing")
            return None
        if sum(one.share for one in found) > WIDEST:
            self.fault("columns", "too_wide", most=WIDEST)
            return None
        return tuple(found)

    def _blocks(self) -> tuple[str, ...] | None:
        known = parts.blocks_of(self.kind)

        def read(one: Any) -> str | None:
            if isinstance(one, str) and one in known:
                return one
            self.fault("blocks", "unknown_block", name=str(one)[:LONGEST_HEADING])
            return None

        found = self._list("blocks", read)
        if found is not None and len(set(found)) != len(found):
            self.fault("blocks", "twice")
            return None
        return None if found is None else tuple(found)

    def _signatures(self) -> tuple[SignatureBox, ...]:
        place = iter(range(1, 40))

        def read(one: Any) -> SignatureBox | None:
            number = next(place)
            if not isinstance(one, Mapping):
                self.fault("signatures", "not_a_list")
                return None
            longest = {"id": LONGEST_HEADING, "en": LONGEST_HEADING, "name": LONGEST_NAME}
            return SignatureBox(
                **{key: self._text(f"signature_{number}_{key}", one.get(key), most) for key, most in longest.items()}
            )

        found = self._list("signatures", read) or []
        if len(found) > MOST_SIGNATURES:
            self.fault("signatures", "too_many", most=MOST_SIGNATURES)
        return tuple(found[:MOST_SIGNATURES])

    def _texts(self) -> dict[str, dict[str, str]]:
        given = self.data.get("texts") or {}
        if not isinstance(given, Mapping):
            self.fault("texts", "not_a_text")
            return {}
        for name in sorted(set(map(str, given)) - set(parts.TEXTS)):
            self.fault("texts", "unknown_setting", name=name[:LONGEST_HEADING])
        found: dict[str, dict[str, str]] = {}
        allowed = parts.words_of(self.kind)
        for name in parts.TEXTS:
            own = given.get(name) or {}
            if not isinstance(own, Mapping):
                self.fault("texts", "not_a_text")
                continue
            for language in parts.LANGUAGES:
                label = f"text_{name}_{language}"
                text = self._text(label, own.get(language), parts.LONGEST[name], lines=name != "title")
                if unknown := unknown_placeholders(text, allowed):
                    self.fault(label, "unknown_placeholder", name=unknown[0])
                elif text:
                    found.setdefault(name, {})[language] = text
        return found
