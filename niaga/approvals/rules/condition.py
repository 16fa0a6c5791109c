"""When a rule holds: comparisons of named figures, joined by "all of" and "any of".

A condition is a small tree, stored as plain JSON:

    {"match": "all", "parts": [{"field": "discount_percent", "op": "above", "value": "10", "unknown": false},
                               {"match": "any", "parts": [...]}]}

Figures come from whoever asks, under fixed names; a condition names nothing else, so there is no formula to be read and
nothing to be run. What a figure is when it is not known, each comparison says: `unknown` true counts it as true.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import chain, product
from typing import Any

Facts = Mapping[str, Any]
"""Figures by name: a Decimal, a list of keys as text, or None when it is not known."""

MOST_TESTS = 20
DEEPEST = 2
"""A group holds comparisons, or groups of comparisons: enough for every AND and OR of them."""


class Kind(StrEnum):
    """What is compared: how it is typed, and with what."""

    PERCENT = "percent"
    AMOUNT = "amount"
    DAYS = "days"
    FLAG = "flag"  # an amount that should be nought: it holds when there is any
    CHOICE = "choice"  # keys of a tree or list; holds when one of them is named


class Op(StrEnum):
    ABOVE = "above"
    AT_LEAST = "at_least"
    BELOW = "below"
    AT_MOST = "at_most"
    IS = "is"


@dataclass(frozen=True, slots=True)
class Field:
    """A figure that rules may name. `unknown`: whether a comparison starts out as true when nobody knows it."""

    kind: Kind
    unknown: bool = False


FIELDS: Mapping[str, Field] = {
    "order_value": Field(Kind.AMOUNT),
    "discount_percent": Field(Kind.PERCENT),
    "margin_percent": Field(Kind.PERCENT, unknown=True),
    "line_margin_percent": Field(Kind.PERCENT, unknown=True),
    "margin": Field(Kind.AMOUNT, unknown=True),
    "below_cost": Field(Kind.FLAG, unknown=True),
    "below_floor": Field(Kind.AMOUNT, unknown=True),
    "below_floor_percent": Field(Kind.PERCENT, unknown=True),
    "payment_term_days": Field(Kind.DAYS),
    "credit_over_by": Field(Kind.AMOUNT),
    "exposure": Field(Kind.AMOUNT),
    "write_off": Field(Kind.AMOUNT),
    "refund_amount": Field(Kind.AMOUNT),
    "undocumented_return": Field(Kind.AMOUNT),
    "customer_group": Field(Kind.CHOICE),
    "team": Field(Kind.CHOICE),
    "territory": Field(Kind.CHOICE),
    "channel": Field(Kind.CHOICE),
}
MONEY = frozenset(name for name, field in FIELDS.items() if field.kind is Kind.AMOUNT)
COMPARED = (Op.ABOVE, Op.AT_LEAST, Op.BELOW, Op.AT_MOST)
_LIMITS = {
    Kind.PERCENT: (Decimal(-1000), Decimal(1000)),
    Kind.AMOUNT: (Decimal(0), Decimal(10) ** 14),
    Kind.DAYS: (Decimal(0), Decimal(3650)),
}


class BadCondition(ValueError):
    """A condition that cannot be. `place` counts its comparisons from 1, `field` is the part of one that is wrong."""

    def __init__(self, code: str, *, place: int = 0, field: str = "") -> None:
        super().__init__(code)
        self.code, self.place, self.field = code, place, field


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison. `value` is a Decimal, or for choices the keys of which one must be met; a flag has none."""

    __test__ = False

    field: str
    op: Op
    value: Any
    unknown: bool

    def holds(self, facts: Facts) -> bool:
        now = facts.get(self.field)
        if now is None:
            return self.unknown
        if self.op is Op.IS:
            return now > 0 if FIELDS[self.field].kind is Kind.FLAG else not self.value.isdisjoint(now)
        if self.op is Op.ABOVE:
            return bool(now > self.value)
        if self.op is Op.AT_LEAST:
            return bool(now >= self.value)
        return bool(now < self.value if self.op is Op.BELOW else now <= self.value)

    def is_worse(self, before: Facts, now: Facts) -> bool:
        """Whether its figure moved on in the direction that made it true. Known where it was not, or the other way
        round, is another thing than what was decided about."""
        then, today = before.get(self.field), now.get(self.field)
        if then is None or today is None:
            return then is not today
        kind = FIELDS[self.field].kind
        if kind is Kind.CHOICE:
            return not set(today) & self.value <= set(then)
        if self.op in (Op.BELOW, Op.AT_MOST):
            return bool(today < then)
        return bool(today > then)

    def as_json(self) -> dict[str, Any]:
        value = sorted(self.value) if isinstance(self.value, frozenset) else self.value
        told = str(value) if isinstance(value, Decimal) else value
        return {"field": self.field, "op": str(self.op), "value": told, "unknown": self.unknown}


@dataclass(frozen=True, slots=True)
class Group:
    """All of its parts, or any of them."""

    any: bool
    parts: tuple[Test | Group, ...]

    def holds(self, facts: Facts) -> bool:
        found = (part.holds(facts) for part in self.parts)
        return any(found) if self.any else all(found)

    def tests(self) -> Iterator[Test]:
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.tests()
            else:
                yield part

    def as_json(self) -> dict[str, Any]:
        return {"match": "any" if self.any else "all", "parts": [part.as_json() for part in self.parts]}


def is_worse(condition: Group, before: Facts, now: Facts) -> bool:
    """Whether a condition that held, and holds, holds for more than was decided about: for a comparison that is true
    now, its figure is worse than it was."""
    return any(test.holds(now) and test.is_worse(before, now) for test in condition.tests())


def cases(condition: Group) -> list[tuple[Test, ...]]:
    """The same condition as cases, of which one is enough: in each, all comparisons must hold. Comparisons of "all of"
    several "any of" come up in many cases, so there can be more of them than the condition has."""
    if condition.any:
        return [case for part in condition.parts for case in _cases(part)]
    return [tuple(chain.from_iterable(one)) for one in product(*map(_cases, condition.parts))]


def _cases(part: Test | Group) -> list[tuple[Test, ...]]:
    return [(part,)] if isinstance(part, Test) else cases(part)


def read_condition(given: Any) -> Group:
    """:raises BadCondition: no condition, or an empty one; a figure that is none; too many comparisons"""
    count = [0]
    found = _group(given, 1, count)
    if count[0] == 0:
        raise BadCondition("empty")
    return found


def _group(given: Any, depth: int, count: list[int]) -> Group:
    if not isinstance(given, Mapping) or given.get("match") not in ("all", "any"):
        raise BadCondition("not_a_condition")
    if depth > DEEPEST:
        raise BadCondition("too_deep")
    parts = given.get("parts")
    if not isinstance(parts, list) or not parts:
        raise BadCondition("empty")
    return Group(
        given["match"] == "any",
        tuple(
            _group(part, depth + 1, count) if isinstance(part, Mapping) and "match" in part else _test(part, count)
            for part in parts
        ),
    )


def _test(given: Any, count: list[int]) -> Test:
    count[0] += 1
    place = count[0]
    if place > MOST_TESTS:
        raise BadCondition("too_many", place=place)
    name = given.get("field") if isinstance(given, Mapping) else None
    if not isinstance(name, str) or name not in FIELDS:
        raise BadCondition("no_such_figure", place=place, field="field")
    kind = FIELDS[name].kind
    op = given.get("op")
    if op not in (COMPARED if kind in _LIMITS else (Op.IS,)):
        raise BadCondition("no_such_comparison", place=place, field="op")
    unknown = given.get("unknown", FIELDS[name].unknown)
    if not isinstance(unknown, bool):
        raise BadCondition("not_a_figure", place=place, field="unknown")
    return Test(name, Op(op), _value(kind, given.get("value"), place), unknown)


def _value(kind: Kind, given: Any, place: int) -> Any:
    if kind is Kind.FLAG:
        return None
    if kind is Kind.CHOICE:
        if not isinstance(given, list) or not given or not all(isinstance(one, str) and one for one in given):
            raise BadCondition("nothing_chosen", place=place, field="value")
        return frozenset(given)
    try:
        if isinstance(given, bool | float):
            raise TypeError
        figure = Decimal(given)
    except (InvalidOperation, TypeError, ValueError) as error:
        raise BadCondition("not_a_figure", place=place, field="value") from error
    least, most = _LIMITS[kind]
    if not figure.is_finite():
        raise BadCondition("not_a_figure", place=place, field="value")
    if not least <= figure <= most or figure != figure.quantize(Decimal("0.000001")):
        raise BadCondition("out_of_range", place=place, field="value")
    return figure


def read_facts(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Figures as they were frozen, as rules compare them."""
    found: dict[str, Any] = {}
    for name, value in stored.items():
        field = FIELDS.get(name)
        if field is None or value is None or field.kind is Kind.CHOICE:
            found[name] = value
        else:
            found[name] = Decimal(value)
    return found


def freeze_facts(facts: Facts) -> dict[str, Any]:
    """Figures to be stored: decimals and keys as text."""
    frozen: dict[str, Any] = {}
    for name, value in facts.items():
        if isinstance(value, Decimal):
            frozen[name] = format(value.normalize() + 0, "f")
        elif isinstance(value, Collection) and not isinstance(value, str):
            frozen[name] = sorted(str(one) for one in value)
        else:
            frozen[name] = None if value is None else str(value)
    return frozen
