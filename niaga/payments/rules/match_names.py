"""Which customers a name in a bank line may be of. Beginnings of words give at most 200 candidates; only these are
compared."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from rapidfuzz import fuzz, process

from niaga.payments.rules.match_facts import LineFacts, MatchFacts
from niaga.payments.rules.payer import KEY, bare_name, blocking_keys, name_words

MOST_CANDIDATES = 200
KEPT = 6


@dataclass(frozen=True, slots=True)
class NameFit:
    """`fit` of 100; `alone`: no other customer fits as well."""

    customer_id: UUID
    fit: int
    alone: bool


def candidates(line: LineFacts, facts: MatchFacts) -> list[UUID]:
    """Who shares the beginning of a word with the line, the rarest words first."""
    counted: Counter[UUID] = Counter()
    for key in blocking_keys(f"{line.payer} {line.text}"):
        found = facts.keys.get(key, ())
        if found:
            weight = 1000 // len(found) + 1
            for customer_id in found:
                counted[customer_id] += weight
    return [customer_id for customer_id, _weight in counted.most_common(MOST_CANDIDATES)]


def names_in(line: LineFacts, facts: MatchFacts) -> list[NameFit]:
    """The customers whose name the line may hold, the best first."""
    found = candidates(line, facts)
    if not found:
        return []
    said = bare_name(line.payer) or bare_name(line.text)
    words = list(dict.fromkeys([*name_words(line.payer), *name_words(line.text)]))
    choices = {
        (customer_id, place): _bare(name)
        for customer_id in found
        for place, name in enumerate(facts.names.get(customer_id, ()))
    }
    near = process.extract(said, choices, scorer=fuzz.token_set_ratio, score_cutoff=55, limit=24)
    fits: dict[UUID, tuple[int, int]] = {}
    for name, _score, (customer_id, _place) in near:
        fit = _cover(name.split(), words, facts)
        if line.payer:
            fit = max(fit, int(fuzz.token_sort_ratio(bare_name(line.payer), name)))
        fits[customer_id] = max(fits.get(customer_id, (0, 0)), (fit, len(name)))
    ordered = sorted(fits.items(), key=lambda item: (-item[1][0], -item[1][1], str(item[0])))[:KEPT]
    return [
        NameFit(customer_id, fit, all(_less(other, (fit, size)) for key, other in ordered if key != customer_id))
        for customer_id, (fit, size) in ordered
        if fit >= 60
    ]


def _less(other: tuple[int, int], own: tuple[int, int]) -> bool:
    return other[0] < own[0] - 4 or (other[0] <= own[0] and other[1] < own[1] - 2)


@lru_cache(maxsize=50_000)
def _bare(name: str) -> str:
    return bare_name(name)


def _cover(name: Sequence[str], words: Sequence[str], facts: MatchFacts) -> int:
    """How much of a customer's name stands in the line, its rarer words weighing more. A last word may be cut off."""
    if not name or not words:
        return 0
    whole = found = 0.0
    last = words[-1]
    for word in name:
        weight = len(word) ** 0.5 / (1 + len(facts.keys.get(word[:KEY], ()))) ** 0.35
        best = max(_alike(word, other) for other in words)
        if best < 1 and len(last) >= 2 and word.startswith(last):
            best = max(best, 0.9)
        whole += weight
        found += weight * best if best >= 0.72 else 0
    joined = "".join(words)
    if found < whole and "".join(name) in joined:
        found = whole
    penalty = 18 if len(name) == 1 and len(words) > 2 else 0
    return int(100 * found / whole) - penalty


@lru_cache(maxsize=200_000)
def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    return fuzz.ratio(one, other) / 100
