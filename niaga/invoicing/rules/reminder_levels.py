"""Whether the levels of a plan can be followed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from niaga.core.rules.placeholders import unknown_placeholders
from niaga.invoicing.rules.reminder_words import LANGUAGES, PLACEHOLDERS
from niaga.invoicing.rules.usual_levels import LevelInput

MOST_LEVELS = 12
EARLIEST, LATEST = -60, 365
LONGEST_SUBJECT, LONGEST_TEXT = 200, 5000


class Fault(NamedTuple):
    """`place` of the level from 1 on, 0: the whole plan; `shown`: what it is about."""

    place: int
    field: str
    code: str
    shown: str = ""


def faults_of(levels: Sequence[LevelInput]) -> list[Fault]:
    if not levels:
        return [Fault(0, "levels", "no_level")]
    if len(levels) > MOST_LEVELS:
        return [Fault(0, "levels", "too_many")]
    seen: set[int] = set()
    faults = []
    for place, level in enumerate(levels, 1):
        if not EARLIEST <= level.days <= LATEST:
            faults.append(Fault(place, "days", "days"))
        elif level.days in seen:
            faults.append(Fault(place, "days", "twice"))
        seen.add(level.days)
        if not (level.by_email or level.by_whatsapp or level.by_call):
            faults.append(Fault(place, "by_email", "no_channel"))
        if level.by_whatsapp and not level.whatsapp_template:
            faults.append(Fault(place, "whatsapp_template", "template"))
        faults += _wrong_words(place, level)
    return faults


def _wrong_words(place: int, level: LevelInput) -> Iterator[Fault]:
    for language in LANGUAGES:
        words = level.words.get(language) or {}
        subject, text = words.get("subject", "").strip(), words.get("text", "").strip()
        if language == "id" and level.by_email and not (subject and text):
            yield Fault(place, "text_id" if subject else "subject_id", "no_words")
        elif bool(subject) != bool(text):
            yield Fault(place, f"text_{language}" if subject else f"subject_{language}", "half")
        for name, said, most in (("subject", subject, LONGEST_SUBJECT), ("text", text, LONGEST_TEXT)):
            if len(said) > most:
                yield Fault(place, f"{name}_{language}", "too_long")
            for unknown in unknown_placeholders(said, PLACEHOLDERS)[:1]:
                yield Fault(place, f"{name}_{language}", "unknown", unknown)
