"""What goes in and out of the approvals' API."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.core.api import Amount, Number, PageQuery


class ApprovalQuery(PageQuery):
    """`waiting_for_me`: only what asks you now."""

    status: Literal["waiting", "approved", "rejected", "withdrawn"] | None = None
    subject_id: UUID | None = None
    waiting_for_me: bool = False


class ApprovalReasonOut(Schema):
    name: str
    words: str


class ApprovalStepOut(Schema):
    """`people`: who sits in it; `mode` all: each of them must say yes."""

    position: int
    mode: Literal["any", "all"]
    status: Literal["later", "open", "approved", "rejected", "passed_on"]
    people: list[UUID]
    due_at: datetime | None
    escalated_at: datetime | None


class ApprovalDecisionOut(Schema):
    """One person's answer. `on_behalf_of_id`: the absent one for whom it counts."""

    id: UUID
    step: int
    approved: bool
    reason: str
    decided_by_id: UUID
    on_behalf_of_id: UUID | None
    at: datetime


class ApprovalOut(Schema):
    """A request with the figures that are decided about, as they were frozen; those of margin only for who may know
    them. Send `facts_hash` along with an answer to be sure that it is about them."""

    id: UUID
    subject_kind: str
    subject_id: UUID
    number: str
    customer_id: UUID
    amount: Number
    currency: str
    status: Literal["waiting", "approved", "rejected", "withdrawn"]
    facts: dict[str, str | list[str] | None]
    facts_hash: str
    reasons: list[ApprovalReasonOut]
    note: str
    asked_by_id: UUID | None
    asked_at: datetime
    settled_at: datetime | None
    waits_for: list[UUID]
    steps: list[ApprovalStepOut]
    decisions: list[ApprovalDecisionOut]


class ApprovalYesIn(Schema):
    reason: str = Field("", max_length=1000)
    facts_hash: str | None = Field(None, max_length=64)


class ApprovalNoIn(Schema):
    reason: str = Field(min_length=1, max_length=1000)
    facts_hash: str | None = Field(None, max_length=64)


class ApprovalTestIn(Schema):
    """A comparison. `value`: text of a number, or for `customer_group`, `team`, `territory`, `channel` a list of ids
    with `op` `is`. `unknown`: whether it counts as true when the figure is not known."""

    __test__ = False

    field: str = Field(max_length=40)
    op: Literal["above", "at_least", "below", "at_most", "is"]
    value: str | list[UUID] | None = None
    unknown: bool | None = None


class ApprovalGroupIn(Schema):
    match: Literal["all", "any"]
    parts: list[ApprovalTestIn] = Field(min_length=1, max_length=20)


class ApprovalConditionIn(Schema):
    match: Literal["all", "any"]
    parts: list[ApprovalGroupIn | ApprovalTestIn] = Field(min_length=1, max_length=20)


class ApproverIn(Schema):
    """`user` with an id, `role` with a role's code, or `manager`: who leads the seller's team."""

    seat: Literal["user", "role", "manager"]
    key: str = Field("", max_length=40)


class ApprovalStepIn(Schema):
    """After `hours` without an answer it goes to `then`, or to the next step."""

    mode: Literal["any", "all"] = "any"
    approvers: list[ApproverIn] = Field(min_length=1, max_length=10)
    hours: int | None = Field(None, ge=1, le=1440)
    then: UUID | None = None


class ApprovalRuleIn(Schema):
    """A rule holds from `least` on and below `most`, for the team and the territory and what is inside them."""

    name: str = Field(min_length=1, max_length=80)
    condition: ApprovalConditionIn
    steps: list[ApprovalStepIn] = Field(min_length=1, max_length=6)
    position: int = Field(1, ge=1, le=9999)
    team_id: UUID | None = None
    territory_id: UUID | None = None
    least: Amount | None = Field(None, ge=0)
    most: Amount | None = Field(None, ge=0)
    first_day: date | None = None
    last_day: date | None = None
    active: bool = True


class ApprovalRuleOut(Schema):
    """`words`: what it says, in your language. `revision` counts changes of what it asks for."""

    id: UUID
    name: str
    words: str
    condition: dict[str, Any]
    steps: list[dict[str, Any]]
    position: int
    team_id: UUID | None
    territory_id: UUID | None
    least: Number | None
    most: Number | None
    first_day: date | None
    last_day: date | None
    active: bool
    revision: int
    version: int


class DelegationIn(Schema):
    person_id: UUID
    deputy_id: UUID
    first_day: date
    last_day: date
    reason: str = Field("", max_length=200)


class DelegationOut(Schema):
    id: UUID
    person_id: UUID
    deputy_id: UUID
    first_day: date
    last_day: date
    reason: str
    ended_at: datetime | None
