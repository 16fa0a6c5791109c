"""Lexemes to find a row by. Words are found by their beginning, codes and phone numbers from anywhere within."""

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_LONGEST = 40
_SHORTEST_SUFFIX = 2


def fold(text: str) -> str:
    """Lower case without accents."""
    plain = unicodedata.normalize("NFKD", text.replace("\x00", ""))
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


def words(text: str) -> list[str]:
    return [word[:_LONGEST] for word in _WORD.findall(fold(text))]


def search_terms(*, texts: Iterable[str], codes: Iterable[str] = ()) -> list[str]:
    """The lexemes of a row. A code gives every suffix of itself, so that a prefix query finds any part of it."""
    terms: set[str] = set()
    for text in texts:
        terms.update(words(text))
    for code in codes:
        for whole in {"".join(words(code)), *words(code)}:
            terms.add(whole)
            terms.update(whole[start:] for start in range(1, len(whole) - _SHORTEST_SUFFIX + 1))
    terms.discard("")
    return sorted(terms)


def search_vector(*, texts: Iterable[str], codes: Iterable[str] = ()) -> str:
    """The value of a `search` column: the row's lexemes, as the text of a tsvector without positions."""
    return " ".join(f"'{term}'" for term in search_terms(texts=texts, codes=codes))


def search_query(typed: str) -> str:
    """A `to_tsquery('simple', …)` text: every typed word must begin some lexeme. Empty when nothing was typed."""
    return " & ".join(f"'{word}':*" for word in words(typed)[:8])
