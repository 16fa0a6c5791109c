"""What WhatsApp asks of a template and of the values in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

NAME = re.compile(r"[a-z0-9_]{1,120}")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
PLACE = re.compile(r"\{\{(\d{1,2})\}\}")
LONGEST_VALUE = 600


def clean_value(text: str) -> str:
    """A value as WhatsApp takes it: one line, no run of blanks, never empty."""
    return " ".join(text.split())[:LONGEST_VALUE] or "-"


def filled(text: str, values: Sequence[str]) -> str:
    """The text as the customer reads it."""
    return PLACE.sub(lambda found: values[int(found[1]) - 1] if 0 < int(found[1]) <= len(values) else found[0], text)
