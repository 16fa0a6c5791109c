"""Placeholders in texts that people write: `{{customer.name}}` stands for a text from a list, and for nothing else.

A name is looked up in a flat mapping of texts, so there is no attribute, no call and no code to reach. What was filled
in is not read again: a customer called `{{total}}` stays that.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

_PLACEHOLDER = re.compile(r"\{\{[ ]?([a-z_]+(?:\.[a-z_]+)*)[ ]?\}\}")
_LIKE_ONE = re.compile(r"\{\{.*?\}\}|\{\{.*|.*?\}\}", re.DOTALL)
LONGEST_SHOWN = 40


def placeholders_in(text: str) -> list[str]:
    """The names that the text uses, well written, in its order."""
    return [found[1] for found in _PLACEHOLDER.finditer(text)]


def unknown_placeholders(text: str, allowed: Collection[str]) -> list[str]:
    """Whatever looks like a placeholder and is none of `allowed`, as it was written: unknown, misspelt or unclosed."""
    rest = _PLACEHOLDER.sub(lambda found: "\n\n" if found[1] in allowed else found[0], text)
    return [found[0].strip()[:LONGEST_SHOWN] for found in _LIKE_ONE.finditer(rest)]


def fill_placeholders(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders' values, in one pass; one without a value stays as it was written."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)
