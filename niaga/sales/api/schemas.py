"""The shapes of quotations and orders on the wire."""

from datetime import date as day
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.catalog.api.schemas import GoodsLoadOut
from niaga.core.api import Amount, Number, Percent, PositiveQuantity, Price, named_once
from niaga.organization.access import access_of
from niaga.pricing.queries.explained_steps import without_cost
from niaga.pricing.rules.loyalty import MOST_POINTS
from niaga.sales.rules.lines import LineInput


class LineIn(Schema):
    """A line to write. A product by `product_id` or `sku`; a price only to set it by hand."""

    kind: Literal["item", "charge", "section", "note"] = "item"
    product_id: UUID | None = None
    sku: str | None = Field(None, max_length=60)
    quantity: PositiveQuantity = Decimal(1)
    unit: str | None = Field(None, max_length=12)
    description: str | None = Field(None, max_length=2000)
    unit_price: Price | None = None
    discount_percent: Percent = Decimal(0)
    discount_amount: Amount = Field(Decimal(0), ge=0)
    is_optional: bool = False
    is_chosen: bool | None = None
    requested_date: day | None = Field(None, description="The day the customer asks for; null: the document's.")
    gift_of_id: UUID | None = Field(
        None, description="Of a gift that is sent back as it was answered: it is left out, and given anew."
    )

    def to_input(self) -> LineInput:
        return LineInput(**self.dict(exclude={"gift_of_id"}), gift_of=self.gift_of_id)


class OrderLineIn(Schema):
    kind: Literal["item", "charge", "section", "note"] = "item"
    product_id: UUID | None = None
    sku: str | None = Field(None, max_length=60)
    quantity: PositiveQuantity = Decimal(1)
    unit: str | None = Field(None, max_length=12)
    description: str | None = Field(None, max_length=2000)
    unit_price: Price | None = None
    discount_percent: Percent = Decimal(0)
    discount_amount: Amount = Field(Decimal(0), ge=0)
    planned_date: day | None = Field(None, description="The day that is promised; null: the order's.")
    requested_date: day | None = Field(None, description="The day the customer asks for; null: the document's.")
    gift_of_id: UUID | None = Field(
        None, description="Of a gift that is sent back as it was answered: it is left out, and given anew."
    )

    def to_input(self) -> LineInput:
        return LineInput(**self.dict(exclude={"gift_of_id"}), gift_of=self.gift_of_id)


class QuotationIn(Schema):
    customer_id: UUID
    lines: list[LineIn] = Field(min_length=1, max_length=10_000)
    branch_id: UUID | None = None
    contact_id: UUID | None = Field(None, description="Of the customer. Without one: their main contact.")
    delivery_address_id: UUID | None = Field(None, description="Of the customer. Without one: their first for goods.")
    billing_address_id: UUID | None = Field(None, description="Of the customer. Without one: their own when invoiced.")
    salesperson_id: UUID | None = None
    channel_id: UUID | None = Field(None, description="How it comes in, for price lists of a channel.")
    payment_term_id: UUID | None = None
    valid_until: day | None = None
    requested_date: day | None = Field(None, description="The day the customer asks for.")
    customer_reference: str = Field("", max_length=60)
    discount_percent: Percent = Decimal(0)
    discount_amount: Amount = Field(Decimal(0), ge=0)
    coupon_codes: list[Annotated[str, Field(max_length=60)]] = Field(default_factory=list, max_length=20)
    points: int = Field(0, ge=0, le=MOST_POINTS, description="Loyalty points that pay a part of it.")
    currency: str = Field("", max_length=3, description="Empty: the customer's, else the company's own.")
    note: str = Field("", max_length=10_000)
    terms_text: str = Field("", max_length=10_000)


class OrderIn(Schema):
    customer_id: UUID
    lines: list[OrderLineIn] = Field(min_length=1, max_length=10_000)
    branch_id: UUID | None = None
    contact_id: UUID | None = Field(None, description="Of the customer. Without one: their main contact.")
    delivery_address_id: UUID | None = Field(None, description="Of the customer. Without one: their first for goods.")
    billing_address_id: UUID | None = Field(None, description="Of the customer. Without one: their own when invoiced.")
    salesperson_id: UUID | None = None
    channel_id: UUID | None = Field(None, description="How it comes in, for price lists of a channel.")
    payment_term_id: UUID | None = None
    warehouse_id: UUID | None = None
    planned_date: day | None = Field(
        None, description="The day that is promised; without one the requested day is, while it is not over."
    )
    requested_date: day | None = Field(None, description="The day the customer asks for.")
    customer_reference: str = Field("", max_length=60)
    discount_percent: Percent = Decimal(0)
    discount_amount: Amount = Field(Decimal(0), ge=0)
    coupon_codes: list[Annotated[str, Field(max_length=60)]] = Field(default_factory=list, max_length=20)
    points: int = Field(0, ge=0, le=MOST_POINTS, description="Loyalty points that pay a part of it.")
    currency: str = Field("", max_length=3, description="Empty: the customer's, else the company's own.")
    note: str = Field("", max_length=10_000)


class AcceptanceIn(Schema):
    name: str = Field("", max_length=120)
    chosen_lines: list[UUID] | None = None
    requested_date: day | None = Field(None, description="In place of the one the quotation has.")


class ConfirmationIn(Schema):
    """`shortage` says what a line does that stock cannot fill; `prices` whether changed prices are refused or kept."""

    shortage: Literal["refuse", "backorder"] = "refuse"
    backorder_lines: list[UUID] = Field([], max_length=10_000)
    prices: Literal["check", "keep"] = "check"
    full_day: Literal["refuse", "over"] = Field("refuse", description="`over` overfills the day knowingly.")
    day_reason: str = Field("", max_length=200, description="Why the day is overfilled.")


class LineQuantity(Schema):
    line_id: UUID
    quantity: PositiveQuantity


class DeliveryIn(Schema):
    """Without lines: everything that is held and not yet in a delivery."""

    lines: list[LineQuantity] | None = Field(None, max_length=10_000)

    each_once = named_once("lines", "line_id")


class OrderInvoiceIn(Schema):
    """Without lines: everything that is delivered (or ordered) and not yet billed."""

    basis: Literal["delivered", "ordered"] = "delivered"
    lines: list[LineQuantity] | None = Field(None, max_length=10_000)

    each_once = named_once("lines", "line_id")


class LinePartOut(Schema):
    """What is in a bundle: `quantity` base units of a product in each base unit of the line."""

    product_id: UUID
    sku: str
    name: str
    unit: str
    quantity: Number


class LineOut(Schema):
    """A line. A bundle keeps the `parts` it was offered with."""

    id: UUID
    position: int
    kind: str
    product_id: UUID | None
    description: str
    quantity: Number
    factor: Number
    list_price: Number
    unit_price: Number
    discount_percent: Number
    discount_amount: Number = Field(description="All that comes off the line: promotions and what a person took.")
    promotion_discount: Number
    gift_of_id: UUID | None = Field(description="The promotion that gives this line.")
    amount: Number
    document_discount: Number = Field(description="The line's share of the document's discount and of points.")
    points_discount: Number = Field(description="What of that points took off.")
    net: Number
    other_tax_base: Number
    tax_code: str
    tax_rate: Number
    tax: Number
    luxury_rate: Number = Field(description="Of PPnBM, on the whole of net.")
    luxury_tax: Number
    steps: list[dict[str, Any]] = Field(
        description="How the price came about; what tells cost only for who may see it."
    )
    parts: list[LinePartOut]

    @staticmethod
    def resolve_steps(line: Any, context: Any) -> list[dict[str, Any]]:
        stored: list[dict[str, Any]] = line.steps
        return stored if access_of(context["request"].user).sees_cost else without_cost(stored)


class QuotationLineOut(LineOut):
    is_optional: bool
    is_chosen: bool
    requested_date: day | None


class OrderLineOut(LineOut):
    planned_date: day | None
    requested_date: day | None
    in_delivery: Number
    shipped: Number
    invoiced: Number
    cancelled: Number
    direct: Number = Field(description="A supplier was asked to send it straight to the customer, and has not yet.")


class Totals(Schema):
    currency: str
    prices_include_tax: bool
    subtotal: Number
    discount_percent: Number
    discount_amount: Number
    net: Number
    other_tax_base: Number
    tax: Number
    luxury_tax: Number
    rounding: Number
    total: Number
    exchange_rate: Number | None = Field(
        description="Of the company's own currency for one of the document's: of its day, once confirmed for good."
    )
    base_total: Number | None = Field(description="The total in the company's own currency; null: no rate is known.")


class QuotationRow(Totals):
    """A quotation in a list."""

    id: UUID
    number: str
    status: str
    customer_id: UUID
    branch_id: UUID
    salesperson_id: UUID | None
    date: day
    valid_until: day
    requested_date: day | None
    version: int
    created_at: datetime


class QuotationOut(QuotationRow):
    contact_id: UUID | None
    payment_term_id: UUID | None
    delivery_address: dict[str, Any]
    billing_address: dict[str, Any]
    customer_reference: str
    coupon_codes: list[str]
    promotions: list[dict[str, Any]] = Field(
        description="Each with id, name, the coupon's code and the amount that it takes off in all."
    )
    points_used: int
    points_amount: Number = Field(description="What points take off, beside the document's discount.")
    note: str
    terms_text: str
    lines: list[QuotationLineOut] = Field(validation_alias="line_rows")


class OrderRow(Totals):
    """An order in a list. Delivery and invoice are axes beside the commercial status."""

    id: UUID
    number: str
    status: str
    delivery_progress: str
    invoice_progress: str
    customer_id: UUID
    branch_id: UUID
    warehouse_id: UUID
    salesperson_id: UUID | None
    quotation_id: UUID | None
    date: day
    planned_date: day | None
    requested_date: day | None
    version: int
    created_at: datetime
    confirmed_at: datetime | None


class OrderOut(OrderRow):
    contact_id: UUID | None
    payment_term_id: UUID | None
    customer_reference: str
    coupon_codes: list[str]
    promotions: list[dict[str, Any]] = Field(
        description="Each with id, name, the coupon's code and the amount that it takes off in all."
    )
    points_used: int
    points_amount: Number = Field(description="What points take off, beside the document's discount.")
    note: str
    delivery_address: dict[str, Any]
    billing_address: dict[str, Any]
    load: GoodsLoadOut = Field(description="What all that is promised weighs and takes up.")
    lines: list[OrderLineOut] = Field(validation_alias="line_rows")


class CreditLineIn(Schema):
    """So much of an invoice's line, in its unit."""

    line_id: UUID
    quantity: PositiveQuantity


class CreditNoteIn(Schema):
    """Without `lines` all that is left of the invoice. `bill_again`: what is credited counts as not invoiced."""

    reason: str = Field(min_length=1, max_length=2000)
    lines: list[CreditLineIn] | None = Field(None, min_length=1, max_length=10_000)
    bill_again: bool = False

    each_once = named_once("lines", "line_id")
