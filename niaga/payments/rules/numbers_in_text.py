"""Numbers of documents in what a payer wrote: also without dashes, without zeros, with O for 0."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

_LIKE_DIGITS = str.maketrans("OoIlL", "00111")


@dataclass(frozen=True, slots=True)
class Series:
    """How numbers of a kind of document look: `INV-2026-` and five figures."""

    kind: str
    prefix: str
    width: int


@dataclass(frozen=True, slots=True)
class Named:
    """A number that the text may name. `whole`: it stands there with its letters."""

    kind: str
    number: str
    whole: bool


@lru_cache(maxsize=256)
def _pattern(prefix: str) -> re.Pattern[str]:
    letters = re.match(r"[A-Za-z]*", prefix)
    word = letters.group() if letters else ""
    rest = prefix[len(word) :]
    figures = re.findall(r"[0-9A-Za-z]+", rest)
    parts = [_loose(word)] if word else []
    for part in figures:
        year = re.fullmatch(r"20(\d\d)", part)
        loose = rf"(?:{_loose(part)}|{_loose(year.group(1))}(?=[\s./_\-:#]))" if year else _loose(part)
        parts.append(f"(?:{loose})")
    between = r"[\s./_\-:#]*"
    return re.compile(
        r"(?<![0-9A-Za-z])" + between.join(parts) + between + r"([0-9OoIlL]{1,9})(?![0-9])", re.IGNORECASE
    )


def _loose(text: str) -> str:
    return "".join(f"[{char}Oo]" if char == "0" else f"[{char}Il]" if char == "1" else re.escape(char) for char in text)


@lru_cache(maxsize=256)
def _bare_pattern(word: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![A-Za-z]){re.escape(word)}(?:OICE)?[\s./_\-:#NOno]*?0*([1-9][0-9]{{0,6}})(?![0-9./\-])", re.IGNORECASE
    )


def numbers_in(text: str, series: Sequence[Series]) -> list[Named]:
    """The numbers of these series that the text may name; those that stand there whole come first.

    Of a list such as `INV 12, 13 dan 14` the later ones are read as of the same series.
    """
    found: dict[str, Named] = {}
    for one in series:
        for match in _pattern(one.prefix).finditer(text):
            for figures in (match.group(1), *_listed(text[match.end() :])):
                _note(found, one, figures.translate(_LIKE_DIGITS), whole=True)
    if not found:
        for one in series:
            letters = re.match(r"[A-Za-z]+", one.prefix)
            if letters is None:
                continue
            for match in _bare_pattern(letters.group()).finditer(text):
                for figures in (match.group(1), *_listed(text[match.end() :])):
                    _note(found, one, figures, whole=False)
    return list(found.values())[:40]


_NEXT = re.compile(r"^\s*(?:,|&|\+|/|;|dan|and|sd)\s*(?:0*)([0-9]{1,6})(?![0-9.])", re.IGNORECASE)


def _listed(rest: str) -> list[str]:
    listed: list[str] = []
    while (match := _NEXT.match(rest)) and len(listed) < 12:
        listed.append(match.group(1))
        rest = rest[match.end() :]
    return listed


def _note(found: dict[str, Named], series: Series, figures: str, *, whole: bool) -> None:
    bare = figures.lstrip("0")
    if bare:
        number = f"{series.prefix}{bare.rjust(series.width, '0')}"
        found.setdefault(number, Named(series.kind, number, whole))


def all_numbers(texts: Iterable[str], series: Sequence[Series]) -> dict[str, list[Named]]:
    return {text: numbers_in(text, series) for text in texts}
