"""The comparisons and steps of a rule as rows of its form: read from what was posted, and shown again as typed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as made
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from niaga.approvals.rules.condition import FIELDS, MOST_TESTS, BadCondition, Kind, Op, Test, cases, read_condition
from niaga.ui import formatting

MOST_ROWS = 99
"""A row keeps its number while others go, so numbers run further than there are rows."""


@dataclass(slots=True)
class TestRow:
    """One comparison as typed. `joint` is `and` in the case of the row above, `or` where another case begins; `errors`
    by part: field, op, value."""

    __test__ = False

    joint: str = "and"
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


def shown_tests(stored: Mapping[str, Any] | None) -> list[TestRow] | None:
    """A stored condition as rows; None when it makes more of them than a rule may have."""
    if stored is None:
        return [TestRow(field="discount_percent")]
    rows = [
        _shown("or" if case_place and not place else "and", test)
        for case_place, case in enumerate(cases(read_condition(stored)))
        for place, test in enumerate(case)
    ]
    return rows if len(rows) <= MOST_TESTS else None


def _shown(joint: str, test: Test) -> TestRow:
    kind = FIELDS[test.field].kind
    row = TestRow(joint, test.field, str(test.op), unknown="on" if test.unknown else "")
    if kind is Kind.CHOICE:
        row.chosen = sorted(test.value)
    elif kind is not Kind.FLAG:
        row.value = formatting.number(test.value.normalize() + 0)
    return row


def posted_tests(data: QueryDict) -> list[TestRow]:
    """The comparisons as they were sent; rows without a figure are left out."""
    found = []
    for place in range(1, MOST_ROWS + 1):
        name = data.get(f"condition-{place}-field", "")
        if not name:
            continue
        kind = FIELDS[name].kind if name in FIELDS else None
        found.append(
            TestRow(
                joint="or" if data.get(f"condition-{place}-joint") == "or" else "and", field=name[:40],
                op=str(Op.IS) if kind in (Kind.FLAG, Kind.CHOICE) else data.get(f"condition-{place}-op", "")[:10],
                value=data.get(f"condition-{place}-value", "")[:60],
                chosen=[one[:40] for one in data.getlist(f"condition-{place}-{name}")] if kind is Kind.CHOICE else [],
                unknown="on" if data.get(f"condition-{place}-unknown") else "",
            )
        )  # fmt: skip
    return found


def condition_of(rows: list[TestRow]) -> tuple[dict[str, Any], bool]:
    """The condition that rows make, its comparisons in their order, and whether every figure could be read."""
    readable = True
    found: list[list[dict[str, Any]]] = []
    for row in rows:
        value: Any = row.chosen
        if row.kind not in (Kind.FLAG, Kind.CHOICE):
            try:
                value = str(formatting.parse_number(row.value))
            except ValueError:
                row.errors["value"] = _("Write a number. Formulas are not read.")
                readable = False
        test = {"field": row.field, "op": row.op, "value": value, "unknown": bool(row.unknown)}
        if found and row.joint == "and":
            found[-1].append(test)
        else:
            found.append([test])
    if len(found) <= 1:
        return {"match": "all", "parts": found[0] if found else []}, readable
    parts = [case[0] if len(case) == 1 else {"match": "all", "parts": case} for case in found]
    return {"match": "any", "parts": parts}, readable


def whole_tests(rows: list[TestRow]) -> list[TestRow]:
    """Those that say something that can be: a row is left out while it is being typed, and no word is said about it."""
    found, joint = [], "and"
    for row in rows:
        joint = "or" if "or" in (joint, row.joint) else "and"  # of the case whose first row is left out
        if _is_whole(row):
            found.append(replace(row, joint=joint))
            joint = "and"
    return found


def _is_whole(row: TestRow) -> bool:
    try:
        read_condition(condition_of([replace(row, errors={})])[0])
    except BadCondition:
        return False
    return True


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
        for place in range(1, MOST_ROWS + 1)
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
        sent |= {f"{head}-field": [row.field], f"{head}-joint": [row.joint], f"{head}-op": [row.op],
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
