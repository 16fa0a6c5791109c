"""The way through the shelves."""

import re

_FIGURES = re.compile(r"(\d+)")


def walking_order(place: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts shelves as one walks by them: A-2 before A-10; goods without a place come last."""
    if not place.strip():
        return ((2, 0, ""),)
    return tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part.casefold()) for part in _FIGURES.split(place) if part
    )
