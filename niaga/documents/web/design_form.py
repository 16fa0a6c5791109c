"""The form of a design: between its flat fields and the data that `read_design` checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Refusal
from niaga.documents.rules import paper_parts as parts
from niaga.documents.rules.paper_design import PaperDesign
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.rules.read_design import LOGO_HEIGHT, MARGIN, MOST_SIGNATURES
from niaga.documents.web.design_words import (
    BLOCKS,
    FACES,
    LAYOUTS,
    LOGO_PLACES,
    PLACEHOLDERS,
    SETTINGS,
    SHEETS,
    SIZES,
    TEXTS,
    TONGUES,
    printed_words,
    setting_words,
)
from niaga.ui.forms import refuse

SWATCHES = ("#0b6b66", "#1f4e8c", "#7a1f3d", "#8a4b08", "#2f5d34", "#4b3b8f", "#1a201e")
_TONGUES = {"id": "Indonesia", "en": "English"}


@dataclass(frozen=True, slots=True)
class PartRow:
    """A column or block that can be shown, moved and, for a column, named and made wide."""

    key: str
    label: Any
    on: forms.BoundField | None
    share: forms.BoundField | None = None
    id: forms.BoundField | None = None
    en: forms.BoundField | None = None
    fixed: bool = False


class DesignForm(forms.Form):
    """Its fields depend on the kind of paper; what a design may be is checked by `read_design` alone."""

    def __init__(self, data: Any, *, kind: PrintKind, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        self.kind = kind
        self._add("name", _("Name"), required=True, max_length=80)
        self._choose("layout", LAYOUTS, forms.RadioSelect())
        self._choose("sheet", {sheet: SHEETS[sheet] for sheet in parts.SHEETS[kind]})
        self._figure("margin", SETTINGS["margin"], MARGIN)
        self._add("accent", SETTINGS["accent"], required=True)
        self._choose("face", FACES)
        self._choose("size", SIZES)
        self._choose("logo_place", LOGO_PLACES)
        self._figure("logo_height", SETTINGS["logo_height"], LOGO_HEIGHT)
        self._choose("tongue", TONGUES)
        self._order("columns_order")
        for key in parts.columns_of(kind):
            if key != parts.main_column(kind):
                self._tick(f"column_{key}_on", printed_words()[key])
            self._figure(f"column_{key}_share", _("Width, %"), (0, 60))
            for language in parts.LANGUAGES:
                self._add(f"column_{key}_{language}", setting_words(f"column_{key}_{language}"))
        self._order("blocks_order")
        for block in parts.blocks_of(kind):
            self._tick(f"block_{block}_on", BLOCKS[block])
        for place in range(1, MOST_SIGNATURES + 1):
            for part, label in (("id", "Indonesia"), ("en", "English"), ("name", _("Name"))):
                self._add(f"signature_{place}_{part}", label)
        for name in parts.TEXTS:
            for language in parts.LANGUAGES:
                wide = forms.Textarea({"rows": 2}) if name != "title" else None
                self._add(f"text_{name}_{language}", _TONGUES[language], widget=wide)

    def _add(self, name: str, label: Any, *, required: bool = False, **options: Any) -> None:
        self.fields[name] = forms.CharField(label=label, required=required, strip=True, **options)

    def _figure(self, name: str, label: Any, bounds: tuple[int, int]) -> None:
        attrs = {"inputmode": "numeric", "class": "num", "min": bounds[0], "max": bounds[1]}
        self._add(name, label, required=not name.startswith("column_"), widget=forms.NumberInput(attrs))

    def _choose(self, name: str, words: Mapping[Any, Any], widget: forms.Widget | None = None) -> None:
        choices = [(str(key), word) for key, word in words.items()]
        self.fields[name] = forms.ChoiceField(label=SETTINGS[name], choices=choices, widget=widget or forms.Select())

    def _tick(self, name: str, label: Any) -> None:
        self.fields[name] = forms.BooleanField(label=label, required=False)

    def _order(self, name: str) -> None:
        self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)

    def column_rows(self) -> list[PartRow]:
        words, main = printed_words(), parts.main_column(self.kind)
        order = _in_order(str(self["columns_order"].value() or ""), parts.columns_of(self.kind))
        return [
            PartRow(
                key, words[key], None if key == main else self[f"column_{key}_on"], self[f"column_{key}_share"],
                self[f"column_{key}_id"], self[f"column_{key}_en"],
            )
            for key in order
        ]  # fmt: skip

    def block_rows(self) -> list[PartRow]:
        order = _in_order(str(self["blocks_order"].value() or ""), parts.blocks_of(self.kind))
        rows = [PartRow(key, BLOCKS[key], self[f"block_{key}_on"], fixed=key in parts.FIXED) for key in order]
        return sorted(rows, key=lambda row: not row.fixed)

    def signature_rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        return [
            (place, [self[f"signature_{place}_{part}"] for part in ("id", "en", "name")])
            for place in range(1, MOST_SIGNATURES + 1)
        ]

    def text_rows(self) -> list[tuple[Any, list[forms.BoundField], int]]:
        return [
            (TEXTS[name], [self[f"text_{name}_{language}"] for language in parts.LANGUAGES], parts.LONGEST[name])
            for name in parts.TEXTS
        ]

    def placeholders(self) -> list[tuple[str, Any]]:
        """As it is written, and what it stands for."""
        return [("{{%s}}" % word, PLACEHOLDERS[word]) for word in parts.words_of(self.kind)]  # noqa: UP031

    def refuse(self, refusal: Refusal) -> None:
        """Every fault beside the field it names, else above the form."""
        for fault in refusal.lines:
            self.add_error(fault["line"] if fault["line"] in self.fields else None, fault["message"])
        if not refusal.lines:
            refuse(self, refusal)


def _in_order(told: str, known: tuple[str, ...]) -> list[str]:
    """All that are known: those told, in their order, and each of the others before what usually follows it."""
    order = [key for key in dict.fromkeys(told.split(",")) if key in known]
    for place, key in enumerate(known):
        if key not in order:
            after = [order.index(one) for one in known[place + 1 :] if one in order]
            order.insert(min(after, default=len(order)), key)
    return order


def design_data(kind: PrintKind, sent: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, in the shape that `read_design` reads; nothing is checked here."""

    def text(name: str) -> str:
        return str(sent.get(name) or "").strip()

    def figure(name: str, usual: int) -> Any:
        told = text(name)
        return int(told) if told.isascii() and told.isdigit() and len(told) < 6 else told or usual

    columns = [
        {"key": key, "share": figure(f"column_{key}_share", 0),
         **{language: text(f"column_{key}_{language}") for language in parts.LANGUAGES}}
        for key in _in_order(text("columns_order"), parts.columns_of(kind))
        if key == parts.main_column(kind) or text(f"column_{key}_on")
    ]  # fmt: skip
    plain = [one["key"] for one in columns] == list(parts.usual_columns(kind)) and not any(
        one["share"] or one["id"] or one["en"] for one in columns
    )
    blocks = [
        key for key in _in_order(text("blocks_order"), parts.blocks_of(kind)) if text(f"block_{key}_on")
    ]  # fmt: skip
    boxes = [
        {part: text(f"signature_{place}_{part}") for part in ("id", "en", "name")}
        for place in range(1, MOST_SIGNATURES + 1)
    ]
    while boxes and not any(boxes[-1].values()):
        boxes.pop()
    texts = {name: {one: text(f"text_{name}_{one}") for one in parts.LANGUAGES} for name in parts.TEXTS}
    names = ("layout", "sheet", "accent", "face", "size", "logo_place", "tongue")
    return {name: text(name) for name in names if name in sent} | {
        "margin": figure("margin", 17),
        "logo_height": figure("logo_height", 15),
        "columns": None if plain else columns,
        "blocks": None if blocks == list(parts.usual_blocks(kind)) else blocks,
        "signatures": boxes,
        "texts": {name: own for name, own in texts.items() if any(own.values())},
    }


def form_values(kind: PrintKind, name: str, design: PaperDesign) -> dict[str, Any]:
    """A design as the form shows it."""
    data = design.as_data()
    values: dict[str, Any] = {"name": name}
    for key in ("layout", "sheet", "margin", "accent", "face", "size", "logo_place", "logo_height", "tongue"):
        values[key] = data[key]
    shown = design.shown_columns(kind)
    values["columns_order"] = ",".join(_in_order(",".join(one.key for one in shown), parts.columns_of(kind)))
    for one in shown:
        values[f"column_{one.key}_on"] = True
        values[f"column_{one.key}_share"] = one.share or ""
        values |= {f"column_{one.key}_id": one.id, f"column_{one.key}_en": one.en}
    blocks = parts.usual_blocks(kind) if design.blocks is None else design.blocks
    values["blocks_order"] = ",".join(_in_order(",".join(blocks), parts.blocks_of(kind)))
    values |= {f"block_{block}_on": True for block in blocks}
    for place, box in enumerate(design.signatures, start=1):
        values |= {f"signature_{place}_{part}": getattr(box, part) for part in ("id", "en", "name")}
    for text, own in design.texts.items():
        values |= {f"text_{text}_{language}": words for language, words in own.items()}
    return values
