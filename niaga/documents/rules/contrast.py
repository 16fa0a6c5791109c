"""Whether a colour can be read on white paper, and white on it (WCAG 2.2)."""

from __future__ import annotations

import re

COLOUR = re.compile(r"#[0-9a-f]{6}")
LEAST = 4.5
"""For text; WCAG level AA."""


def contrast_with_white(colour: str) -> float:
    """From 1 (white) to 21 (black), of a colour as `#rrggbb`."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
