"""What may come back, and why not. Pure.

Of the rules that fit a line the narrowest holds: the one that names most of group, category and reason; of two as
narrow the one that names the reason, then the category. No rule at all: everything may come back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """None of group, category, reason and days: any. `conditions` empty: any."""

    name: str
    group_id: UUID | None = None
    category_ids: frozenset[UUID] | None = None
    reason_id: UUID | None = None
    days: int | None = None
    conditions: tuple[str, ...] = ()
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the policy must know of a line. `days`: since the goods left."""

    group_id: UUID | None
    category_id: UUID | None
    reason_id: UUID
    condition: str
    days: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the policy lets it come back. `why`: fits, no_rule, refused, too_late or condition."""

    fits: bool
    why: str
    rule: str = ""
    days: int = 0
    allowed_days: int | None = None
    conditions: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "fits": self.fits, "why": self.why, "rule": self.rule, "days": self.days,
            "allowed_days": self.allowed_days, "conditions": list(self.conditions),
        }  # fmt: skip


def judge(wanted: Wanted, rules: Iterable[PolicyRule]) -> Verdict:
    """What the narrowest fitting rule says of a line."""
    fitting = [rule for rule in rules if _fits(wanted, rule)]
    if not fitting:
        return Verdict(True, "no_rule", days=wanted.days)
    rule = max(fitting, key=_width)
    facts = {"rule": rule.name, "days": wanted.days, "allowed_days": rule.days, "conditions": rule.conditions}
    if rule.refused:
        return Verdict(False, "refused", **facts)  # type: ignore[arg-type]
    if rule.days is not None and wanted.days > rule.days:
        return Verdict(False, "too_late", **facts)  # type: ignore[arg-type]
    if rule.conditions and wanted.condition not in rule.conditions:
        return Verdict(False, "condition", **facts)  # type: ignore[arg-type]
    return Verdict(True, "fits", **facts)  # type: ignore[arg-type]


def _fits(wanted: Wanted, rule: PolicyRule) -> bool:
    return (
        rule.group_id in (None, wanted.group_id)
        and (rule.category_ids is None or wanted.category_id in rule.category_ids)
        and rule.reason_id in (None, wanted.reason_id)
    )


def _width(rule: PolicyRule) -> tuple[int, bool, bool]:
    named = (rule.group_id is not None, rule.category_ids is not None, rule.reason_id is not None)
    return sum(named), named[2], named[1]
