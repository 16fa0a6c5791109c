"""What goes in and out of the loyalty API. Points are whole numbers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.core.api import Amount, Number, Price

Points = Annotated[int, Field(ge=0, le=20_000_000)]
Months = Annotated[int, Field(ge=1, le=1200)]
Share = Annotated[Decimal, Field(gt=0, le=100, max_digits=9, decimal_places=6)]
Times = Annotated[Decimal, Field(gt=0, le=100, max_digits=9, decimal_places=6)]


class ExcludedIn(Schema):
    """A part of the assortment that earns nothing: a product, a family, a category with all below it, a brand, or a
    brand in a category."""

    product_id: UUID | None = None
    family_id: UUID | None = None
    category_id: UUID | None = None
    brand: str = Field("", max_length=80)


class ProgrammeIn(Schema):
    name: str = Field(min_length=1, max_length=120, description="Customers read it with their points.")
    is_on: bool = Field(True, description="Off: nothing is earned and no points are used; points end as they would.")
    valid_from: date | None = None
    valid_to: date | None = Field(None, description="The last day, included.")
    points: Annotated[int, Field(ge=1, le=1_000_000)] = Field(1, description="Earned for every `per_amount`.")
    per_amount: Price = Field(Decimal(10_000), gt=0, description="Of goods and services, in the company's currency.")
    with_tax: bool = Field(False, description="Points are counted on amounts with tax.")
    not_on_promoted: bool = Field(False, description="Lines that a promotion touched earn nothing.")
    excluded: list[ExcludedIn] = Field([], max_length=200)
    point_value: Price = Field(Decimal(0), description="What one point takes off; 0: points only count for tiers.")
    least_points: Points = Field(0, description="So many at least are used on a document.")
    step_points: Annotated[int, Field(ge=1, le=20_000_000)] = Field(1, description="Used in multiples of this.")
    most_percent: Share = Field(Decimal(100), description="Of goods and services of a document, at most.")
    expires_after: Months | None = Field(None, description="Months; null: points never end.")
    notice_days: Annotated[int, Field(ge=0, le=365)] = Field(
        30, description="Members are told by e-mail so many days before points end; 0: they are not."
    )
    welcome_points: Points = Field(0, description="Once, when a customer becomes a member.")
    tier_months: Months = Field(12, description="Tiers look at the points earned in so many months.")


class ExcludedOut(Schema):
    product_id: UUID | None
    family_id: UUID | None
    category_id: UUID | None
    brand: str


class ProgrammeOut(Schema):
    id: UUID
    name: str
    sentence: str = Field(description="What it says, in words, in your language.")
    currency: str
    is_on: bool
    valid_from: date | None
    valid_to: date | None
    points: int
    per_amount: Amount
    with_tax: bool
    not_on_promoted: bool
    excluded: list[ExcludedOut]
    point_value: Number
    least_points: int
    step_points: int
    most_percent: Number
    expires_after: int | None
    notice_days: int
    welcome_points: int
    tier_months: int
    version: int
    created_at: datetime


class LoyaltyTierIn(Schema):
    name: str = Field(min_length=1, max_length=80)
    threshold: Points = Field(description="Points earned within the months that count; 0: every member.")
    multiplier: Times = Field(Decimal(1), description="Times the points that everybody earns.")


class LoyaltyTierOut(Schema):
    id: UUID
    name: str
    threshold: int
    multiplier: Number
    version: int
    created_at: datetime
    archived_at: datetime | None


class MemberOut(Schema):
    customer_id: UUID
    balance: int = Field(description="The sum of all entries; below zero when points were taken back after their use.")
    owed: int = Field(description="Taken back after they were used; the next ones earned pay them first.")
    tier_id: UUID | None
    tier_name: str | None
    tier_until: date | None = Field(description="The tier's last day.")
    tier_by_hand: bool
    ends_on: date | None = Field(description="The day after which the first of the points end.")
    joined_at: datetime


class StandingOut(MemberOut):
    usable: int = Field(description="Points that can be used today.")
    worth: Amount = Field(description="What they take off, in `currency`.")
    currency: str
    ending: int = Field(description="So many end first, after `ends_on`.")
    next_tier_id: UUID | None = Field(description="The tier above; null: there is none.")
    missing: int | None = Field(description="Points still to be earned for it.")


class PointsEntryOut(Schema):
    """A change of a balance."""

    id: UUID
    kind: str = Field(description="earn, burn, take_back, give_back, expire, adjust, welcome")
    points: int = Field(description="Above zero they came in, below they went.")
    subject_kind: str = Field(description="`invoice`, `credit_note`, `order`, or nothing.")
    subject_id: UUID | None
    number: str
    reason: str
    at: datetime


class PointsLotOut(Schema):
    """Points that came in together and end together."""

    id: UUID
    points: int
    remaining: int
    expires_on: date | None = Field(description="The last day they can be used; null: they never end.")


class PointsAdjustmentIn(Schema):
    points: Annotated[int, Field(ge=-20_000_000, le=20_000_000)] = Field(description="Below zero takes points; not 0.")
    reason: str = Field(min_length=1, max_length=500)


class TierChoiceIn(Schema):
    tier_id: UUID | None = Field(description="null: back to the tier that their points reach.")
    until: date | None = Field(None, description="The tier's last day; needed with a tier.")
    reason: str = Field(min_length=1, max_length=500)
