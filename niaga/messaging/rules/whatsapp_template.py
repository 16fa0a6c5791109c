"""A template's words as we write them, and as WhatsApp has them: our placeholders are its numbers. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from niaga.core.rules.placeholders import fill_placeholders, placeholders_in, unknown_placeholders

LONGEST = 1024
STATES = ("draft", "submitted", "approved", "rejected")


class BadTemplate(ValueError):
    """`code` says why: `empty`, `too_long`, `unknown`, `ends_in_placeholder`; `shown` is what it is about."""

    def __init__(self, code: str, shown: str = "") -> None:
        self.code, self.shown = code, shown
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A template as it is submitted, `Halo {{1}}`, and which of our placeholders each number is."""

    text: str
    names: tuple[str, ...]

    def values(self, facts: Mapping[str, str]) -> list[str]:
        return [facts.get(name, "-") for name in self.names]


def numbered(text: str) -> Numbered:
    """Each placeholder gets a number at its first place."""
    names = tuple(dict.fromkeys(placeholders_in(text)))
    return Numbered(fill_placeholders(text, {name: f"{{{{{n}}}}}" for n, name in enumerate(names, 1)}), names)


def check_template(text: str, allowed: Collection[str]) -> None:
    """:raises BadTemplate: WhatsApp would not take it, or it has a placeholder that stands for nothing"""
    if not text.strip():
        raise BadTemplate("empty")
    if len(text) > LONGEST:
        raise BadTemplate("too_long")
    unknown = unknown_placeholders(text, allowed)
    if unknown:
        raise BadTemplate("unknown", unknown[0])
    whole = numbered(text).text.strip()
    if whole.startswith("{{") or whole.endswith("}}"):
        raise BadTemplate("ends_in_placeholder")
