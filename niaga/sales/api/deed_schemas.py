"""What the further verbs of quotations and orders take and answer."""

from datetime import date as day
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.core.api import Amount, Percent, PositiveQuantity, named_once
from niaga.pricing.rules.loyalty import MOST_POINTS
from niaga.sales.api.schemas import LineIn, LineQuantity, OrderInvoiceIn, OrderLineIn, QuotationIn


class QuotationLineChange(LineIn):
    """A line as it shall be; one that stays is named by its `id`."""

    id: UUID | None = None


class QuotationChange(QuotationIn):
    """The whole quotation as it shall be."""

    lines: list[QuotationLineChange] = Field(min_length=1, max_length=10_000)  # type: ignore[assignment]


class SendingIn(Schema):
    """Without addresses nothing is mailed: the offer was handed over by other means."""

    to: list[str] = Field([], max_length=10)
    message: str = Field("", max_length=4000)


class Reason(Schema):
    reason: str = Field("", max_length=1000)


class DocumentNoteIn(Schema):
    text: str = Field(min_length=1, max_length=2000)


class CopyIn(Schema):
    customer_id: UUID | None = None


class LinkOut(Schema):
    """The address is told this once: only its hash is kept."""

    url: str


class VersionOut(Schema):
    """What the customer was sent as version `offer_version`: the header and the lines as they were."""

    offer_version: int
    at: datetime
    content: dict[str, Any]


class TemplateIn(Schema):
    quotation_id: UUID
    name: str = Field(min_length=1, max_length=120)


class TemplateOut(Schema):
    id: UUID
    name: str
    note: str
    terms_text: str
    valid_days: int
    lines: list[dict[str, Any]]


class FromTemplateIn(Schema):
    customer_id: UUID
    branch_id: UUID | None = None


class OrderLineChange(OrderLineIn):
    """A line as it shall be; one that stays is named by its `id`. Without `unit_price` it keeps the promised one."""

    id: UUID | None = None


class OrderChange(Schema):
    """The whole draft as it shall be."""

    customer_id: UUID | None = None
    lines: list[OrderLineChange] = Field(min_length=1, max_length=10_000)
    contact_id: UUID | None = None
    delivery_address_id: UUID | None = None
    billing_address_id: UUID | None = None
    salesperson_id: UUID | None = None
    channel_id: UUID | None = None
    payment_term_id: UUID | None = None
    warehouse_id: UUID | None = None
    planned_date: day | None = None
    requested_date: day | None = None
    customer_reference: str = Field("", max_length=60)
    discount_percent: Percent = Decimal(0)
    discount_amount: Amount = Field(Decimal(0), ge=0)
    coupon_codes: list[Annotated[str, Field(max_length=60)]] = Field(default_factory=list, max_length=20)
    points: int = Field(0, ge=0, le=MOST_POINTS, description="Loyalty points that pay a part of it.")
    currency: str = Field("", max_length=3, description="Empty: the one it has.")
    note: str = Field("", max_length=10_000)


class AmendmentIn(Schema):
    """All lines of the confirmed order as they shall be. `shortage`: whether what is not there may wait."""

    lines: list[OrderLineChange] = Field(min_length=1, max_length=10_000)
    reason: str = Field("", max_length=1000)
    planned_date: day | None = None
    requested_date: day | None = Field(None, description="Another day that the customer asks for; null: it stays.")
    note: str | None = Field(None, max_length=10_000)
    customer_reference: str | None = Field(None, max_length=60)
    contact_id: UUID | None = Field(None, description="Another contact of the customer; without one it stays.")
    delivery_address_id: UUID | None = Field(None, description="Another place for goods that are not drawn up yet.")
    billing_address_id: UUID | None = Field(None, description="Another place for invoices that are not written yet.")
    shortage: Literal["refuse", "backorder"] = "refuse"


class SplitIn(Schema):
    """`quantity` stays on the line, the rest becomes a line of its own."""

    line_id: UUID
    quantity: PositiveQuantity
    planned_date: day | None = None


class OrdersInvoiceIn(OrderInvoiceIn):
    """One invoice of all these `orders`, of one customer, branch and currency."""

    orders: list[UUID] = Field(min_length=1, max_length=500)


class DownPaymentIn(Schema):
    """Either `percent` of the order, or an `amount` with its tax."""

    percent: Percent | None = None
    amount: Amount | None = Field(None, gt=0)


class ShipmentIn(Schema):
    """By delivery line, what really leaves; the rest may go with a later delivery. Without lines: everything."""

    lines: list[LineQuantity] | None = Field(None, min_length=1, max_length=10_000)

    each_once = named_once("lines", "line_id")
