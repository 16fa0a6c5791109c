"""Whether a document may go on: which rules hold for its figures, and which of them somebody said yes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from niaga.approvals.rules.condition import MONEY, Facts, Group, is_worse, read_condition, read_facts

ANCHORS = ("party", "currency")
"""What a yes is bound to, whatever the rule: the customer it was given for, and the money it was counted in."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it bears on a document. `revision` counts changes of what it says and of who decides."""

    id: str
    name: str
    revision: int
    condition: Group
    steps: tuple[Mapping[str, Any], ...]
    currency: str
    team: str = ""
    territory: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    first_day: date | None = None
    last_day: date | None = None

    def reaches(self, facts: Facts, today: date) -> bool:
        """Whether the document is one of those the rule is about: its days, team, territory and amount band. What
        is not known leaves nothing out: a team's rule asks about a document whose team nobody can tell."""
        if (self.first_day and today < self.first_day) or (self.last_day and today > self.last_day):
            return False
        for place, name in ((self.team, "team"), (self.territory, "territory")):
            known = facts.get(name)
            if place and known is not None and place not in known:
                return False
        value = facts.get("order_value")
        if value is None or facts.get("currency") != self.currency:
            return True
        return (self.least is None or value >= self.least) and (self.most is None or value < self.most)

    def holds(self, facts: Facts, today: date) -> bool:
        return self.reaches(facts, today) and self.condition.holds(in_money_of(self, facts))


def in_money_of(rule: Rule, facts: Facts) -> Facts:
    """A rule's amounts are in its company's currency, and so are the facts of a document whose rate is known. Those in
    another are not compared, and count: nobody's limit in rupiah is passed unseen in dollars."""
    if facts.get("currency") == rule.currency:
        return facts
    return {name: _OTHER_MONEY if name in MONEY and value is not None else value for name, value in facts.items()}


class _Other:
    """An amount in another currency: it passes every limit, and is as bad as itself."""

    def __gt__(self, other: object) -> bool:
        return not isinstance(other, _Other)

    __ge__ = __lt__ = __le__ = __gt__


_OTHER_MONEY = _Other()


@dataclass(frozen=True, slots=True)
class Approval:
    """A yes: to which rules (and their revision), on which figures."""

    rules: Mapping[str, int]
    facts: Facts

    def covers(self, rule: Rule, facts: Facts) -> bool:
        """Whether it was given to this rule, and nothing got worse since. Amounts in another currency are compared as
        they are: both are of the same document."""
        if self.rules.get(rule.id) != rule.revision:
            return False
        if any(self.facts.get(name) != facts.get(name) for name in ANCHORS):
            return False
        if facts.get("currency") != rule.currency:
            return not any(test.is_worse(self.facts, facts) for test in rule.condition.tests())
        return not is_worse(rule.condition, self.facts, facts)


def missing(rules: Sequence[Rule], approvals: Sequence[Approval], facts: Facts, *, today: date) -> list[Rule]:
    """The rules that hold and that nobody said yes to, in their order."""
    return [
        rule
        for rule in rules
        if rule.holds(facts, today) and not any(approval.covers(rule, facts) for approval in approvals)
    ]


def read_rules(stored: Iterable[Mapping[str, Any]] | None) -> list[Rule]:
    """Rules as `approvals.queries.gate` tells them."""
    return [
        Rule(
            id=str(one["id"]), name=one["name"], revision=one["revision"], condition=read_condition(one["condition"]),
            steps=tuple(one["steps"]), currency=one["currency"], team=str(one["team"] or ""),
            territory=str(one["territory"] or ""), least=_figure(one["least"]), most=_figure(one["most"]),
            first_day=_day(one["first_day"]), last_day=_day(one["last_day"]),
        )
        for one in stored or ()
    ]  # fmt: skip


def read_approvals(stored: Iterable[Mapping[str, Any]] | None) -> list[Approval]:
    return [
        Approval({one["id"]: one["revision"] for one in told["rules"]}, read_facts(told["facts"]))
        for told in stored or ()
    ]


def _figure(text: Any) -> Decimal | None:
    return None if text is None else Decimal(str(text))


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else text
