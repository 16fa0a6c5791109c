"""The figures of a request as its pages show them; margin only to who may know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from niaga.approvals.models import ApprovalRequest
from niaga.approvals.rules.condition import Test, read_condition, read_facts
from niaga.approvals.wording import FIELD_WORDS, figure_words, frozen_rule_words
from niaga.organization.access import Actor, access_of

SECRET = frozenset(
    {"margin", "margin_percent", "line_margin_percent", "below_cost", "below_floor", "below_floor_percent"}
)
SHOWN = (
    "discount_percent", "margin_percent", "line_margin_percent", "margin", "below_cost", "below_floor",
    "below_floor_percent", "payment_term_days", "credit_over_by", "exposure", "write_off", "refund_amount",
    "undocumented_return",
)  # fmt: skip
FIRST = ("discount_percent", "margin_percent")
_ONLY_WHEN_ANY = frozenset({"below_cost", "below_floor", "below_floor_percent", "credit_over_by", "exposure"})


@dataclass(frozen=True, slots=True)
class Figure:
    """`tone` bad when a rule stumbles over it; `now` when the document has another figure today."""

    key: str
    label: str
    value: str
    tone: str = ""
    now: str = ""


def sees_margin(request: ApprovalRequest, by: Actor) -> bool:
    """Who sees cost, and who is or was asked to decide."""
    if access_of(by).sees_cost or by.id in request.waits_for:
        return True
    steps: Sequence[Any] = getattr(request, "told_steps", ())
    return any(by.id in step.people for step in steps)


def figures_of(
    request: ApprovalRequest, *, margin: bool, now: Mapping[str, Any] | None = None, names: Sequence[str] = SHOWN
) -> list[Figure]:
    """The frozen figures in words: `names`, and those that made a rule hold, which stand out."""
    facts = read_facts(request.facts)
    held = {test.field for test in _tests(request) if test.holds(facts)}
    currency = facts.get("currency") or request.currency  # figures may be in the company's own
    told = []
    for name in [name for name in SHOWN if name in names or name in held]:
        if name in SECRET and not margin:
            continue
        if name not in facts:  # asked before there was such a figure
            continue
        value = facts[name]
        empty = value is not None and not value and name in _ONLY_WHEN_ANY
        if empty and name not in held:
            continue
        then = figure_words(name, value, currency)
        today = figure_words(name, now.get(name), currency) if now is not None else then
        told.append(Figure(name, str(FIELD_WORDS[name]), then, "bad" if name in held else "", _other(today, then)))
    return told


def _other(today: str, then: str) -> str:
    return today if today != then else ""


def _tests(request: ApprovalRequest) -> list[Test]:
    return [test for rule in request.rules for test in read_condition(rule["condition"]).tests()]


def reasons(request: ApprovalRequest) -> list[dict[str, str]]:
    """The rules that ask, each by name and in words."""
    return frozen_rule_words(request.rules)
