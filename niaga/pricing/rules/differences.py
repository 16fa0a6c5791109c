"""What differs between two states of a price list or a promotion, each part with what it was and what it becomes.

A change that waits, a publication and the way back are the same thing: going back is the differences turned round.
What is not named stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.pricing.rules.book import Basis

PriceKey = tuple[UUID, UUID | None, Decimal]
"""A product, a unit other than its base unit, and the quantity from which on."""
Pair = tuple[Any, Any]
"""What it was and what it becomes."""
RuleData = Mapping[str, str]
"""A formula, a step or a part of a promotion as it is kept: every figure as text, without what it does not say."""

_READ: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("customer_id", "group_id", "territory_id", "branch_id", "channel_id"), UUID),
    **dict.fromkeys(("valid_from", "valid_to"), date.fromisoformat),
    **dict.fromkeys(("from_time", "until_time"), time.fromisoformat),
    "archived_at": datetime.fromisoformat, "gift_product_id": UUID,
    **dict.fromkeys(("buy", "get", "most_amount", "budget"), Decimal),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Differences:
    heads: Mapping[str, Pair] = field(default_factory=dict)
    """By column of the list or promotion."""
    prices: Mapping[PriceKey, tuple[Decimal | None, Decimal | None]] = field(default_factory=dict)
    """None: no such price."""
    rules: tuple[list[RuleData], list[RuleData]] | None = None
    """All formulas of a list, all steps and parts of a promotion, or None: they stay."""

    def __bool__(self) -> bool:
        return bool(self.heads or self.prices or self.rules is not None)

    def turned_round(self) -> Differences:
        return Differences(
            {name: (after, before) for name, (before, after) in self.heads.items()},
            {key: (after, before) for key, (before, after) in self.prices.items()},
            (self.rules[1], self.rules[0]) if self.rules is not None else None,
        )

    def from_here(self, now: State) -> Differences:
        """The same ends from the state that holds now; what is there already drops out."""
        heads = {name: (now.heads[name], after) for name, (_was, after) in self.heads.items()}
        prices = {key: (now.prices.get(key), after) for key, (_was, after) in self.prices.items()}
        rules = (now.rules, self.rules[1]) if self.rules is not None else None
        return Differences(
            {name: pair for name, pair in heads.items() if pair[0] != pair[1]},
            {key: pair for key, pair in prices.items() if pair[0] != pair[1]},
            rules if rules is not None and rules[0] != rules[1] else None,
        )

    def overtaken(self, now: State) -> Overtaken:
        """What is neither as it was nor as it becomes: somebody else changed it."""
        return Overtaken(
            tuple(name for name, pair in self.heads.items() if now.heads[name] not in pair),
            tuple(key for key, pair in self.prices.items() if now.prices.get(key) not in pair),
            self.rules is not None and now.rules not in self.rules,
        )


@dataclass(frozen=True, slots=True)
class State:
    """What a list or a promotion says now, as far as differences ask."""

    heads: Mapping[str, Any]
    prices: Mapping[PriceKey, Decimal]
    rules: list[RuleData]


@dataclass(frozen=True, slots=True)
class Overtaken:
    heads: tuple[str, ...]
    prices: tuple[PriceKey, ...]
    rules: bool

    def __bool__(self) -> bool:
        return bool(self.heads or self.prices or self.rules)


def head_as_text(value: Any) -> Any:
    """A column as JSON keeps it."""
    if isinstance(value, date | time | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value


def read_heads(kept: Mapping[str, Any]) -> dict[str, Pair]:
    """The columns from what JSON kept of them."""
    read: dict[str, Pair] = {}
    for name, (before, after) in kept.items():
        reader = _READ.get(name)
        pair = (before, after) if reader is None else tuple(one and reader(one) for one in (before, after))
        read[name] = (pair[0], pair[1])
    return read


def heads_as_text(heads: Mapping[str, Pair]) -> dict[str, list[Any]]:
    return {name: [head_as_text(before), head_as_text(after)] for name, (before, after) in heads.items()}


_TOLD = (
    "basis", "base_list_id", "percent", "surcharge", "round_to", "round_minus", "least_margin", "product_id",
    "family_id", "category_id", "brand", "unit_id", "min_quantity",
)  # fmt: skip


def rule_data(row: Mapping[str, Any]) -> RuleData:
    """A formula by its columns as it is kept: figures as text, without what it does not say."""
    told: dict[str, str] = {}
    for name in _TOLD:
        value = row[name]
        if isinstance(value, Decimal):
            value = format(value.normalize() + 0, "f")  # without idle zeros
        if value not in (None, "", "0") or (name == "least_margin" and value is not None):
            told[name] = value if isinstance(value, str) else str(value)
    return told


def data_tells_cost(told: RuleData) -> bool:
    """Whether its figures tell what the product costs."""
    return told["basis"] == Basis.COST or "least_margin" in told
