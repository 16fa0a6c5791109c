"""What goes in and out of the prices' API."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, model_validator

from niaga.core.api import Amount, Number, Percent, Price, WallTime
from niaga.pricing.rules.loyalty import MOST_POINTS

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Signed = Annotated[Decimal, Field(gt=-(Decimal(10) ** 12), lt=Decimal(10) ** 12, max_digits=19, decimal_places=6)]
CouponCode = Annotated[str, Field(min_length=1, max_length=60)]
Quantity = Annotated[Decimal, Field(ge=0, lt=Decimal(10) ** 12, max_digits=19, decimal_places=6)]


class PriceListIn(Schema):
    code: str = Field(min_length=1, max_length=30)
    name: str = Field(min_length=1, max_length=120)
    currency: Currency | None = Field(None, description="Without it the company's.")
    customer_id: UUID | None = Field(None, description="Of all that is named the list needs all; of nothing, nothing.")
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
    prices_include_tax: bool | None = Field(
        None, description="Whether its prices hold the tax. Null: as the company's prices."
    )


class PriceListChange(Schema):
    """Only what is named changes."""

    code: str | None = Field(None, min_length=1, max_length=30)
    name: str | None = Field(None, min_length=1, max_length=120)
    customer_id: UUID | None = None
    tier_id: UUID | None = None
    group_id: UUID | None = None
    territory_id: UUID | None = None
    branch_id: UUID | None = None
    channel_id: UUID | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    weekdays: int | None = Field(None, ge=1, le=127)
    from_time: WallTime | None = None
    until_time: WallTime | None = None
    priority: int | None = Field(None, ge=-1000, le=1000)
    prices_include_tax: bool | None = None

    @model_validator(mode="after")
    def texts_cannot_be_taken_away(self) -> "PriceListChange":
        for name in ("code", "name", "weekdays", "priority"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"{name} cannot be null")
        return self


class PriceListOut(Schema):
    id: UUID
    code: str
    name: str
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
    prices_include_tax: bool | None
    version: int
    created_at: datetime
    archived_at: datetime | None
    unpublished: bool = Field(description="Prepared aside and never in force; archived so far.")


class EntryIn(Schema):
    """By `product_id` or `sku`. `price` null takes this break away."""

    product_id: UUID | None = None
    sku: str = Field("", max_length=60)
    min_quantity: Quantity = Decimal(0)
    unit: str = Field("", max_length=12, description="A unit that the product is sold in. Without it the base unit.")
    price: Price | None

    @model_validator(mode="after")
    def names_a_product(self) -> "EntryIn":
        if not self.product_id and not self.sku:
            raise ValueError("name the product by product_id or sku")
        return self


class EntriesIn(Schema):
    entries: list[EntryIn] = Field(max_length=50_000)
    replace: bool = Field(False, description="Prices that are not named go.")


class EntriesSet(Schema):
    added: int
    changed: int
    removed: int
    same: int
    version: int


class EntryOut(Schema):
    id: UUID
    product_id: UUID
    sku: str
    name: str
    unit: str
    min_quantity: Number
    price: Number = Field(description="Of one such unit.")
    list_price: Number = Field(description="The product's own, of one base unit.")

    @staticmethod
    def resolve_unit(row: Any) -> str:
        return str(row.unit_code)


class RuleIn(Schema):
    """A formula: basis × (1 + percent / 100) + surcharge, rounded, at least the floor by margin. For one product, one
    family of variants, a category with all below it, a brand, a brand in a category, or all."""

    basis: Literal["price", "cost", "list"] = Field(description="The product's own price, its cost, or another list.")
    base_list_id: UUID | None = Field(None, description="With the basis `list`.")
    percent: Signed = Field(Decimal(0), description="Below zero: off.")
    surcharge: Signed = Field(Decimal(0), description="For one base unit, or for one `unit`.")
    round_to: Quantity | None = Field(None, description="The nearest multiple of this, half up.")
    round_minus: Quantity = Field(Decimal(0), description="Then less this: to 500 minus 1 gives 87,499.")
    least_margin: Percent | None = Field(None, description="The floor, in percent of the price without tax.")
    product_id: UUID | None = None
    family_id: UUID | None = None
    category_id: UUID | None = None
    brand: str = Field("", max_length=80)
    unit: str = Field("", max_length=12, description="Only for lines in this unit; quantity and surcharge count in it.")
    min_quantity: Quantity = Decimal(0)


class RulesIn(Schema):
    """All formulas of the list, in the place of those it has."""

    rules: list[RuleIn] = Field(max_length=500)


class RuleOut(Schema):
    basis: str
    base_list_id: UUID | None
    percent: Number | None = Field(
        description="Null, as the other figures, where they tell cost and you may not see it."
    )
    surcharge: Number | None
    round_to: Number | None
    round_minus: Number | None
    least_margin: Number | None
    product_id: UUID | None
    family_id: UUID | None
    category_id: UUID | None
    brand: str
    unit: str
    min_quantity: Number


class RulesOut(Schema):
    rules: list[RuleOut]
    version: int


class PreviewLineIn(Schema):
    product_id: UUID | None = None
    sku: str = Field("", max_length=60)
    quantity: Quantity
    unit: str = Field("", max_length=12, description="Without it the base unit.")
    unit_price: Price | None = Field(None, description="By hand; goes before every list.")
    discount_percent: Percent | None = None
    discount_amount: Price | None = None
    optional: bool = False
    chosen: bool = False


class PreviewIn(Schema):
    customer_id: UUID | None = None
    branch_id: UUID | None = None
    channel_id: UUID | None = Field(None, description="How the order comes in, for the lists of a channel.")
    on: date | None = Field(None, description="Without it today, at the branch.")
    at: WallTime | None = Field(None, description="The hour at the branch, for lists with hours. Without it now.")
    currency: Currency | None = None
    discount_percent: Percent | None = None
    discount_amount: Price | None = None
    country: str = Field(
        "", max_length=2, description="Where goods go, for tax by place. Without it the customer's own place."
    )
    region: str = Field("", max_length=100, description="Province or state, with `country`.")
    coupon_codes: list[CouponCode] = Field([], max_length=20, description="Those that open nothing are answered.")
    points: int | None = Field(
        None, ge=0, le=MOST_POINTS, description="Loyalty points of the customer to use, as far as they can be."
    )
    lines: list[PreviewLineIn] = Field(max_length=10_000)


class StepOut(Schema):
    text: str
    struck: bool
    note: str


class PreviewLineOut(Schema):
    product_id: UUID
    sku: str
    name: str
    quantity: Number
    unit: str
    counted: bool
    list_price: Number | None
    unit_price: Number
    discount_percent: Number
    discount_amount: Amount = Field(description="All that comes off the line, by promotions and by hand.")
    promotion_discount: Amount = Field(description="What of it promotions take off.")
    amount: Amount
    document_discount: Amount
    points_discount: Amount
    net: Amount
    other_tax_base: Amount
    tax_code: str
    tax_rate: Number
    tax: Amount
    luxury_rate: Number = Field(description="Of PPnBM, on the whole of net.")
    luxury_tax: Amount
    total: Amount
    margin: Number | None = Field(None, description="Only for who may see cost.")
    gift_of: UUID | None = Field(None, description="The promotion that gives this line; it was not asked for.")
    why: list[StepOut]
    steps: list[dict[str, Any]]


class TaxGroupOut(Schema):
    code: str
    rate: Number
    base_numerator: int
    base_denominator: int
    transaction_code: str
    net: Amount
    other_tax_base: Amount
    tax: Amount
    luxury_rate: Number
    luxury_tax: Amount


class ProblemOut(Schema):
    line: int
    code: str


class AppliedOut(Schema):
    """A promotion that holds, what it takes off in all, and the coupon that opened it."""

    promotion_id: UUID
    name: str
    code: str
    amount: Amount


class RefusedCouponOut(Schema):
    code: str
    reason: str = Field(
        description="`unknown`, `expired`, `ended`, `not_yours`, `used_up`, `used_by_customer`, `same_promotion`."
    )
    text: str


class PreviewOut(Schema):
    """The lines in their order, then those of gifts."""

    currency: str
    on: date
    prices_include_tax: bool
    lines: list[PreviewLineOut]
    subtotal: Amount
    discount: Amount
    net: Amount
    other_tax_base: Amount
    tax: Amount
    luxury_tax: Amount
    tax_groups: list[TaxGroupOut]
    rounding: Amount
    total: Amount
    margin: Number | None = None
    problems: list[ProblemOut]
    promotions: list[AppliedOut]
    points_used: int
    points_amount: Amount
    points_most: int = Field(description="So many could be used, when `points` is given.")
    refused_coupons: list[RefusedCouponOut]
