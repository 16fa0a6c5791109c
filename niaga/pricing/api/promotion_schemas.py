"""What goes in and out of the promotions' API."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.core.api import Amount, Number, Price, WallTime
from niaga.pricing.api.schemas import CouponCode, Currency, Quantity

Kind = Literal[
    "percent", "amount", "fixed_price", "buy_get", "bundle_price", "basket_percent", "basket_amount", "gift",
    "free_delivery",
]  # fmt: skip
State = Literal["", "running", "coming", "ended", "archived", "prepared"]
Count = Annotated[int, Field(ge=1, le=1_000_000)]


class TierIn(Schema):
    """From `least` on, `figure` holds; the highest that is reached counts."""

    least: Quantity = Field(Decimal(0), description="Base units of a line; money for what looks at the document.")
    figure: Price = Field(
        description="A percentage (`percent`, `buy_get`, `basket_percent`, `free_delivery`), an amount, a price, or a "
        "quantity (`gift`)."
    )


class ScopeIn(Schema):
    """A part of the assortment: a product, a family, a category with all below it, a brand, a brand in a category; with
    none of them everything."""

    role: Literal["on", "except", "get", "part"] = Field(
        "on", description="What it is on, never on, what is given (`buy_get`), what a bundle holds (`bundle_price`)."
    )
    product_id: UUID | None = None
    family_id: UUID | None = None
    category_id: UUID | None = None
    brand: str = Field("", max_length=80)
    quantity: Quantity = Field(Decimal(0), description="Of a bundle's part, in base units.")


class PromotionIn(Schema):
    name: str = Field(min_length=1, max_length=120, description="Customers read it on their papers.")
    kind: Kind
    tiers: list[TierIn] = Field(min_length=1, max_length=20, description="One for `buy_get` and `bundle_price`.")
    scopes: list[ScopeIn] = Field([], max_length=200, description="Without any with the role `on`: on everything.")
    currency: Currency | None = Field(None, description="Without it the company's. It stays as it is once chosen.")
    customer_id: UUID | None = Field(None, description="Of all that is named it needs all; of nothing, nothing.")
    tier_id: UUID | None = Field(None, description="Who has this membership tier.")
    group_id: UUID | None = None
    territory_id: UUID | None = Field(None, description="With the territories inside it.")
    branch_id: UUID | None = Field(None, description="The branch that sells.")
    channel_id: UUID | None = None
    valid_from: date | None = None
    valid_to: date | None = Field(None, description="The last day, included.")
    weekdays: int = Field(127, ge=1, le=127, description="A bit a day, Monday the lowest: 31 is Monday to Friday.")
    from_time: WallTime | None = Field(None, description="The hour at the branch from which on it holds.")
    until_time: WallTime | None = Field(None, description="Not included. Before `from_time`: past midnight.")
    priority: int = Field(0, ge=-1000, le=1000, description="Higher goes first.")
    exclusive: bool = Field(False, description="Only on lines that no other promotion touches.")
    by_coupon: bool = Field(False, description="Only with one of its coupons.")
    buy: Quantity = Field(Decimal(0), description="Of `buy_get`: so many whole base units.")
    get: Quantity = Field(Decimal(0), description="Of `buy_get`: so many of them for less.")
    most_times: Count | None = Field(None, description="Of `buy_get` and `bundle_price`: so often on one document.")
    most_amount: Price | None = Field(None, description="It takes at most so much off one document.")
    gift_product_id: UUID | None = Field(None, description="Of `gift`.")
    most_uses: Count | None = Field(None, description="So many confirmed documents in all.")
    most_per_customer: Count | None = None
    budget: Price | None = Field(None, description="It takes at most so much off, all in all.")


class TierOut(Schema):
    least: Number
    figure: Number


class ScopeOut(Schema):
    role: str
    product_id: UUID | None
    family_id: UUID | None
    category_id: UUID | None
    brand: str
    quantity: Number


class PromotionOut(Schema):
    id: UUID
    name: str
    kind: str
    sentence: str = Field(description="What it does, in words, in your language.")
    tiers: list[TierOut]
    scopes: list[ScopeOut]
    currency: str
    customer_id: UUID | None
    tier_id: UUID | None
    group_id: UUID | None
    territory_id: UUID | None
    branch_id: UUID | None
    channel_id: UUID | None
    valid_from: date | None
    valid_to: date | None
    weekdays: int
    from_time: WallTime | None
    until_time: WallTime | None
    priority: int
    exclusive: bool
    by_coupon: bool
    buy: Number
    get: Number
    most_times: int | None
    most_amount: Amount | None
    gift_product_id: UUID | None
    most_uses: int | None
    most_per_customer: int | None
    budget: Amount | None
    used: int = Field(description="Confirmed documents that have it.")
    taken_off: Amount = Field(description="What it took off them in all.")
    version: int
    created_at: datetime
    archived_at: datetime | None
    unpublished: bool = Field(description="Only prepared: it holds nowhere before its first change is published.")


class CouponsIn(Schema):
    """`codes`, or `count` and perhaps a `prefix`."""

    codes: list[CouponCode] = Field([], max_length=10_000, description="2 to 40 letters, digits, - or _; without case.")
    count: int = Field(0, ge=0, le=10_000)
    prefix: str = Field("", max_length=20)
    most_uses: Count | None = Field(None, description="Of each coupon. 1: a voucher that is gone after it was used.")
    most_per_customer: Count | None = None
    customer_id: UUID | None = Field(None, description="For this customer only.")
    valid_to: date | None = Field(None, description="The last day, included.")


class CouponOut(Schema):
    id: UUID
    code: str
    customer_id: UUID | None
    valid_to: date | None
    most_uses: int | None
    most_per_customer: int | None
    uses: int
    created_at: datetime
    archived_at: datetime | None = Field(description="When it was withdrawn.")


class CouponsOut(Schema):
    coupons: list[CouponOut]


class UseOut(Schema):
    """A confirmed document that has the promotion."""

    id: UUID
    source_kind: str
    source_id: UUID
    number: str
    customer_id: UUID | None
    coupon_code: str | None
    amount: Amount
    at: datetime

    @staticmethod
    def resolve_coupon_code(row: Any) -> str | None:
        return row.code  # type: ignore[no-any-return]
