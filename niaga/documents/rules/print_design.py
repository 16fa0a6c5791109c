"""What a design makes of a paper: its measures, its texts in the reader's languages, its places to sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from niaga.core.rules.placeholders import fill_placeholders
from niaga.documents.rules.paper_design import PaperDesign, SignatureBox
from niaga.documents.rules.paper_parts import FIXED, LANGUAGES, Face, Sheet, Tongue, blocks_of
from niaga.documents.rules.paper_words import words_for
from niaga.documents.rules.print_cells import Payload
from niaga.documents.rules.print_document import PrintDocument, PrintKind, PrintSignature
from niaga.documents.rules.printable import printable

_FACES = {Face.SANS: "Plus Jakarta Sans", Face.SERIF: "Libertinus Serif", Face.MONO: "DejaVu Sans Mono"}
_SHEETS = {
    Sheet.A4: (210.0, 297.0),
    Sheet.A5: (148.0, 210.0),
    Sheet.CONTINUOUS: (241.3, 279.4),
    Sheet.CONTINUOUS_HALF: (241.3, 139.7),
    Sheet.ROLL_80: (80.0, 0.0),
    Sheet.ROLL_58: (58.0, 0.0),
}
"""Width and height in mm; a roll is as long as what stands on it."""
HOLES = 14
"""mm at each side of continuous forms that no print reaches."""
ROLL_MARGIN = 4
BELOW = ("instalments", "texts", "closing", "qris", "link", "stamp_place", "signatures")
"""Below the sums, in their usual order. Those that a kind does not offer to leave out are there when there is
something to show."""


def languages_in(language: str, *, both: bool) -> Sequence[str]:
    first = "id" if language.startswith("id") else "en"
    return (first, *(one for one in LANGUAGES if one != first)) if both else (first,)


def languages_of(design: PaperDesign, language: str) -> Sequence[str]:
    return languages_in(language, both=design.tongue is Tongue.BOTH)


def look_of(design: PaperDesign, kind: PrintKind) -> Payload:
    """Measures, colours and faces for the paper; mm and points."""
    width, height = _SHEETS[design.sheet]
    margin = design.margin
    if design.is_roll:
        margin = ROLL_MARGIN
    elif design.sheet in (Sheet.CONTINUOUS, Sheet.CONTINUOUS_HALF):
        margin = max(margin, HOLES)
    low = design.sheet in (Sheet.CONTINUOUS_HALF, Sheet.A5)
    return {
        "layout": "roll" if design.is_roll else str(design.layout),
        "width": width,
        "height": height,
        "margin": margin,
        "above": max(margin - (6 if low else 2), 6),
        "below": max(margin + 1, 15) if not design.is_roll else margin,
        "low": low,
        "scale": design.scale,
        "accent": design.accent,
        "face": _FACES[design.face],
        "logo_place": str(design.logo_place),
        "logo_height": design.logo_height,
        "both": design.tongue is Tongue.BOTH,
    }


def block_order(design: PaperDesign, kind: PrintKind) -> list[str]:
    """The blocks below the sums, in order; `texts` are the reasons and notes that no design leaves out."""
    if design.blocks is None:
        return list(BELOW)
    order = ["texts" if block in ("note", "terms") else block for block in design.blocks if block not in FIXED]
    for block in BELOW:
        if block not in order and (block == "texts" or block not in blocks_of(kind)):
            before = [order.index(one) for one in BELOW[BELOW.index(block) + 1 :] if one in order]
            order.insert(min(before, default=len(order)), block)
    return list(dict.fromkeys(order))


@dataclass(frozen=True, slots=True)
class OwnTexts:
    """The texts of a design for one document, their placeholders filled in."""

    kind: PrintKind
    design: PaperDesign
    document: PrintDocument
    language: str

    def text(self, name: str) -> str:
        """Of one language, or one below the other; empty when the block is left out or has no text."""
        if name in ("introduction", "closing") and not self.design.shows(name, self.kind):
            return ""
        both = self.design.tongue is Tongue.BOTH
        found = [
            fill_placeholders(text, words_for(self.document, language))
            for language in languages_of(self.design, self.language)
            if (text := self.design.texts.get(name, {}).get(language, "") if both else self.design.text(name, language))
        ]
        return printable((" / " if name == "title" else "\n").join(dict.fromkeys(found)))


def signature_boxes(
    document: PrintDocument, design: PaperDesign, words: dict[str, str], language: str
) -> list[Payload]:
    """The document's places to sign, or the design's; who has signed already is never left out."""
    signed = document.signatures
    if not design.signatures:
        return [_own_box(place, one, words) for place, one in enumerate(signed)]
    boxes = []
    for place, own in enumerate(design.signatures):
        one = signed[place] if place < len(signed) else PrintSignature("")
        label = _label(own, design, language) or words.get(one.role, "")
        boxes.append(_box(place, one, label, one.name or own.name, words))
    rest = list(enumerate(signed))[len(design.signatures) :]
    return boxes + [_own_box(place, one, words) for place, one in rest if one.image is not None or one.at]


def _label(own: SignatureBox, design: PaperDesign, language: str) -> str:
    texts = [text for one in languages_of(design, language) if (text := getattr(own, one))]
    return printable(" / ".join(dict.fromkeys(texts)) or own.id or own.en)


def _own_box(place: int, one: PrintSignature, words: dict[str, str]) -> Payload:
    return _box(place, one, words.get(one.role, printable(one.role)), one.name, words)


def _box(place: int, one: PrintSignature, label: str, name: str, words: dict[str, str]) -> Payload:
    return {
        "label": label,
        "name": printable(name),
        "at": printable(one.at),
        "image": f"sign-{place}.img" if one.image is not None else "",
        "blank": words["sign_name_and_date"],
    }
