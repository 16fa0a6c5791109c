"""What a customer hears when the days promised of an order change. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from niaga.core.rules.formatting import format_long_date
from niaga.core.rules.placeholders import placeholders_in, unknown_placeholders

GROUPED = timedelta(minutes=15)
"""Changes within it are told as one."""
PLACEHOLDERS = ("customer.name", "company.name", "order.number", "order.reference", "days", "link")
MOST_LISTED = 20
LONGEST_SUBJECT, LONGEST_TEXT = 200, 4000

USUAL: Mapping[str, Mapping[str, str]] = {
    "id": {
        "subject": "Tanggal pengiriman pesanan {{order.number}} berubah",
        "text": "Yth. {{customer.name}},\n\nTanggal pengiriman pesanan Anda {{order.number}} berubah:\n\n{{days}}\n\n"
        "Lihat pesanan Anda di sini:\n\n{{link}}\n\n{{company.name}}",
    },
    "en": {
        "subject": "The delivery day of order {{order.number}} changed",
        "text": "Dear {{customer.name}},\n\nThe delivery day of your order {{order.number}} changed:\n\n{{days}}\n\n"
        "See your order here:\n\n{{link}}\n\n{{company.name}}",
    },
}
"""What is written where a company has no words of its own."""


class LineDay(NamedTuple):
    """A line that is still to leave, with the day it is promised for; None: no day."""

    id: UUID
    description: str
    day: date | None


class Changed(NamedTuple):
    description: str
    before: date | None
    after: date | None


def snapshot(lines: Iterable[LineDay]) -> dict[str, str]:
    """The days by line, to be stored."""
    return {str(line.id): str(line.day or "") for line in lines}


def changed_days(before: Mapping[str, str], now: Sequence[LineDay]) -> list[Changed]:
    """The lines whose day is another than it was; lines that came since are no change."""
    found = []
    for line in now:
        if str(line.id) not in before:
            continue
        was = date.fromisoformat(before[str(line.id)]) if before[str(line.id)] else None
        if was != line.day:
            found.append(Changed(line.description, was, line.day))
    return found


def days_text(changed: Sequence[Changed], *, all_lines: bool, language: str, breaks: bool = True) -> str:
    """The days in words: one sentence when all lines changed alike, else by line; without `breaks` on one line."""
    alike = {(one.before, one.after) for one in changed}
    if all_lines and len(alike) == 1:
        return _days(changed[0], language)
    lines = [f"{_one_line(one.description)}: {_days(one, language)}" for one in changed[:MOST_LISTED]]
    if len(changed) > MOST_LISTED:
        more = len(changed) - MOST_LISTED
        lines.append(f"… dan {more} lagi" if language == "id" else f"… and {more} more")
    return "\n".join(f"• {line}" for line in lines) if breaks else "; ".join(lines)


def words_fault(words: Mapping[str, Mapping[str, str]]) -> str:
    """What is wrong with a company's own words: `language`, `half` (subject or text alone), `too_long`, or
    `unknown: name` for a placeholder that stands for nothing; empty: nothing."""
    for language, said in words.items():
        subject, text = said.get("subject", ""), said.get("text", "")
        if language not in USUAL:
            return "language"
        if bool(subject.strip()) != bool(text.strip()):
            return "half"
        if len(subject) > LONGEST_SUBJECT or len(text) > LONGEST_TEXT:
            return "too_long"
        strange = [name for name in placeholders_in(f"{subject} {text}") if name not in PLACEHOLDERS]
        if unknown := strange or unknown_placeholders(f"{subject} {text}", PLACEHOLDERS):
            return f"unknown: {unknown[0]}"
    return ""


def words_in(words: Mapping[str, Mapping[str, str]], language: str) -> Mapping[str, str]:
    """The company's own words of a language, else the usual ones."""
    own = words.get(language) or {}
    return own if own.get("subject") and own.get("text") else USUAL[language]


def _days(one: Changed, language: str) -> str:
    after = format_long_date(one.after, language) if one.after else ("belum ada" if language == "id" else "not known")
    if one.before is None:
        return after
    word = "sebelumnya" if language == "id" else "before"
    return f"{after} ({word} {format_long_date(one.before, language)})"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:80]
