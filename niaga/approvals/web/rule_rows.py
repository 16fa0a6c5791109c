"""The comparisons and steps of a rule as rows of its form: read from what was posted, and shown again as typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from niaga.approvals.rules.condition import FIELDS, Group, Kind, Op, Test, read_condition
from niaga.ui import formatting

GROUPS = "ABCDEFGH"
ROWS = 6
"""So many comparisons are offered; two more than there are, once there are many."""
STEPS = 2


@dataclass(slots=True)
class TestRow:
    """One comparison as typed. `errors` by part: field, op, value."""

    __test__ = False

    group: str = "A"
    field: str = ""
    op: str = "above"
    value: str = ""
    chosen: list[str] = made(default_factory=list)
    unknown: str = ""
    errors: dict[str, str] = made(default_factory=dict)

    @property
    def kind(self) -> str:
        return str(FIELDS[self.field].kind) if self.field in FIELDS else ""


@dataclass(slots=True)
class StepRow:
    """One step as typed; `approvers` as `manager:`, `role:owner`, `user:<id>`."""

    mode: str = "any"
    approvers: list[str] = made(default_factory=list)
    hours: str = ""
    then: str = ""
    errors: dict[str, str] = made(default_factory=dict)

    @property
    def given(self) -> bool:
        return bool(self.approvers or self.hours.strip() or self.then)


def shown_tests(stored: Mapping[str, Any] | None) -> tuple[str, list[TestRow]]:
    """A stored condition as rows: how its groups are joined, and each comparison with its group's letter. Every
    condition of two levels has such rows."""
    if stored is None:
        return "all", [TestRow(field="discount_percent", op="above")]
    condition = read_condition(stored)
    rows: list[TestRow] = []
    letters = iter(GROUPS + "IJKLMNOPQRST")
    for part in condition.parts:
        tests = list(part.tests()) if isinstance(part, Group) else [part]
        together = isinstance(part, Group) and part.any != condition.any
        letter = next(letters)
        for place, test in enumerate(tests):
            if place and not together:
                letter = next(letters)
            rows.append(_shown(letter, test))
    return "any" if condition.any else "all", rows


def _shown(letter: str, test: Test) -> TestRow:
    kind = FIELDS[test.field].kind
    row = TestRow(letter, test.field, str(test.op), unknown="on" if test.unknown else "")
    if kind is Kind.CHOICE:
        row.chosen = sorted(test.value)
    elif kind is not Kind.FLAG:
        row.value = formatting.number(test.value.normalize() + 0)
    return row


def posted_tests(data: QueryDict) -> list[TestRow]:
    """The comparisons as they were sent; rows without a figure are left out."""
    found = []
    for place in range(1, 41):
        name = data.get(f"condition-{place}-field", "")
        if not name:
            continue
        kind = FIELDS[name].kind if name in FIELDS else None
        found.append(
            TestRow(
                group=data.get(f"condition-{place}-group", "A")[:1] or "A", field=name[:40],
                op=str(Op.IS) if kind in (Kind.FLAG, Kind.CHOICE) else data.get(f"condition-{place}-op", "")[:10],
                value=data.get(f"condition-{place}-value", "")[:60],
                chosen=[one[:40] for one in data.getlist(f"condition-{place}-{name}")] if kind is Kind.CHOICE else [],
                unknown="on" if data.get(f"condition-{place}-unknown") else "",
            )
        )  # fmt: skip
    return found


def condition_of(match: str, rows: list[TestRow]) -> tuple[dict[str, Any], list[TestRow], bool]:
    """The condition that rows make, the rows in the order of its comparisons, and whether every figure could be read.
    A group is joined the other way round than the groups are."""
    readable = True
    groups: dict[str, list[TestRow]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    inner = "all" if match == "any" else "any"
    parts: list[dict[str, Any]] = []
    ordered: list[TestRow] = []
    for letter in sorted(groups):
        told = []
        for row in groups[letter]:
            value: Any = row.chosen
            if row.kind not in (Kind.FLAG, Kind.CHOICE):
                try:
                    value = str(formatting.parse_number(row.value))
                except ValueError:
                    row.errors["value"] = _("Write a number. Formulas are not read.")
                    readable = False
            told.append({"field": row.field, "op": row.op, "value": value, "unknown": bool(row.unknown)})
            ordered.append(row)
        parts += told if len(told) == 1 else [{"match": inner, "parts": told}]
    return {"match": match, "parts": parts}, ordered, readable


def shown_steps(stored: list[Mapping[str, Any]] | None) -> list[StepRow]:
    if stored is None:
        return [StepRow(approvers=["manager:"])]
    return [
        StepRow(
            step["mode"], [f"{one['seat']}:{one['key']}" for one in step["approvers"]],
            "" if step["hours"] is None else str(step["hours"]), step["then"],
        )
        for step in stored
    ]  # fmt: skip


def posted_steps(data: QueryDict) -> list[StepRow]:
    """The steps as they were sent; empty ones are left out."""
    found = [
        StepRow(
            data.get(f"steps-{place}-mode", "any"), [one[:60] for one in data.getlist(f"steps-{place}-approvers")],
            data.get(f"steps-{place}-hours", "")[:10], data.get(f"steps-{place}-then", "")[:40],
        )
        for place in range(1, 11)
    ]  # fmt: skip
    return [row for row in found if row.given]


def steps_of(rows: list[StepRow]) -> tuple[list[dict[str, Any]], bool]:
    """The steps that rows make, and whether all of them could be read."""
    told, readable = [], True
    for row in rows:
        hours: int | None = None
        if row.hours.strip():
            try:
                hours = int(row.hours.strip())
            except ValueError:
                row.errors["hours"] = _("Give hours as a whole number.")
                readable = False
        named = [dict(zip(("seat", "key"), one.partition(":")[::2], strict=True)) for one in row.approvers]
        told.append({"mode": row.mode, "approvers": named, "hours": hours, "then": row.then})
    return told, readable


def as_posted(tests: list[TestRow], steps: list[StepRow]) -> dict[str, list[str]]:
    """Rows as a browser sends them back untouched, to notice that somebody saved in between."""
    sent: dict[str, list[str]] = {}
    for place, row in enumerate(tests, 1):
        head = f"condition-{place}"
        sent |= {f"{head}-field": [row.field], f"{head}-group": [row.group], f"{head}-op": [row.op],
                 f"{head}-value": [row.value]}  # fmt: skip
        if row.unknown:
            sent[f"{head}-unknown"] = ["on"]
        if row.kind == Kind.CHOICE:
            sent[f"{head}-{row.field}"] = row.chosen
    for place, step in enumerate(steps, 1):
        head = f"steps-{place}"
        sent |= {f"{head}-mode": [step.mode], f"{head}-hours": [step.hours], f"{head}-then": [step.then]}
        sent[f"{head}-approvers"] = step.approvers
    return sent
