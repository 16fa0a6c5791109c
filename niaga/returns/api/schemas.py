"""What the API says of returns."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.core.api import Number, PageQuery, Percent, PositiveQuantity, Price, named_once
from niaga.returns.models import ReturnReason


class ReturnLineIn(Schema):
    """Of goods `quantity` comes back, in the order line's unit; with `part_id` base units of that product of the
    bundle. Of a claim `percent` of the line's price is asked back."""

    order_line_id: UUID
    reason_id: UUID
    quantity: PositiveQuantity | None = None
    part_id: UUID | None = None
    condition: Literal["unopened", "opened", "damaged"] = "unopened"
    percent: Percent | None = None
    note: str = Field("", max_length=200)


class ReturnIn(Schema):
    order_id: UUID
    kind: Literal["goods", "claim"] = "goods"
    wish: Literal["credit", "exchange", "refund"] = "credit"
    asked_by: str = Field("", max_length=120)
    note: str = Field("", max_length=4000)
    lines: list[ReturnLineIn] = Field(min_length=1, max_length=1000)


class UndocumentedLineIn(Schema):
    """`unit` empty: the base unit. `price` is credited for one, without tax; not given: as proposed."""

    product_id: UUID
    reason_id: UUID
    quantity: PositiveQuantity
    unit: str = Field("", max_length=20)
    condition: Literal["unopened", "opened", "damaged"] = "unopened"
    price: Price | None = None
    note: str = Field("", max_length=200)


class UndocumentedIn(Schema):
    customer_id: UUID
    branch_id: UUID
    warehouse_id: UUID | None = Field(None, description="Where it comes to; not given: the branch's.")
    why: str = Field(min_length=1, max_length=4000, description="Why there is no document.")
    wish: Literal["credit", "exchange", "refund"] = "credit"
    asked_by: str = Field("", max_length=120)
    lines: list[UndocumentedLineIn] = Field(min_length=1, max_length=200)


class ReturnOrderIn(Schema):
    order_id: UUID


class PriceBasis(Schema):
    """Where a price is from: `own`, `anyone`, `typed` or `unknown`; of an own one the day and invoice."""

    basis: str
    date: str
    number: str
    days: int
    proposed: Decimal | None


class BoughtOut(Schema):
    product_id: UUID
    sku: str
    name: str
    unit: str
    shipped: Number
    returned: Number = Field(description="Came back and stayed, or is on its way.")
    orders: int
    last_date: date
    order_id: UUID = Field(description="The order with which it left last.")
    number: str
    price: Decimal | None = Field(description="What would be credited for one without a document.")
    price_basis: PriceBasis


class BoughtList(Schema):
    items: list[BoughtOut]


class ReturnSettingsOut(Schema):
    price_days: int = Field(ge=1, le=3650, description="Without a document: so many days back prices are looked for.")
    mails_slip: bool = Field(description="The return slip is mailed when a return is authorized.")
    gifts: Literal["keep", "charge"] = Field(description="Gifts that came with what goes back: stay, or are charged.")
    coupons: Literal["never", "whole", "ask"] = Field(
        description="A coupon can be used again: never, when all of the order is back, or as who settles says."
    )


class SlipIn(Schema):
    to: list[str] = Field([], max_length=10, description="Mail addresses; none: the customer's contact, else theirs.")


class AuthorizationIn(Schema):
    supplier_id: UUID | None = Field(None, description="The customer sends the goods straight to this supplier.")
    note: str = Field("", max_length=1000, description="Must be given where a line does not fit the policy.")


class ReturnReasonIn(Schema):
    reason: str = Field(max_length=1000)


class ReceivedLineIn(Schema):
    """`lot` of what is kept by lot, where several left with the line."""

    line_id: UUID
    quantity: PositiveQuantity
    lot: str = Field("", max_length=40)


class ReturnReceiptIn(Schema):
    lines: list[ReceivedLineIn] = Field([], max_length=1000)
    is_last: bool = Field(False, description="Nothing more will come.")
    note: str = Field("", max_length=2000)
    unannounced: str = Field("", max_length=2000, description="What came though nobody announced it.")

    each_once = named_once("lines", "line_id")


class FindingIn(Schema):
    line_id: UUID
    outcome: Literal["restock", "refurbish", "scrap", "send_back", "to_supplier"]
    quantity: PositiveQuantity
    note: str = Field("", max_length=200)


class InspectionIn(Schema):
    lines: list[FindingIn] = Field(min_length=1, max_length=4000)
    supplier_id: UUID | None = Field(None, description="Who gets what goes `to_supplier`.")
    from_refurbishing: bool = Field(False, description="Of goods whose refurbishing is over: restock or scrap.")


class ReturnSettlementIn(Schema):
    """`refund`: the money goes back, each payment the way it came (`original`), or all by transfer or in cash."""

    way: Literal["credit", "exchange", "refund"] = "credit"
    refund_way: Literal["original", "transfer", "cash"] = "original"
    waive_fees: bool = False
    waive_gifts: bool = Field(False, description="Gifts that do not come back are not charged this time.")
    coupon_back: bool = Field(False, description="Coupons of the order can be used again; where the company asks.")
    note: str = Field("", max_length=1000)


class ReturnQuery(PageQuery):
    status: str | None = Field(None, max_length=20)
    customer_id: UUID | None = None
    order_id: UUID | None = None


class ReturnRow(Schema):
    id: UUID
    number: str | None = Field(description="Drawn when it is authorized.")
    status: str
    kind: str
    source: str
    order_id: UUID | None = Field(description="None: it came without a document, and none was found yet.")
    supplier_id: UUID | None = Field(description="The customer sends it straight there; none: to the warehouse.")
    customer_id: UUID
    wish: str
    currency: str
    date: date
    outside_policy: bool
    created_at: datetime
    received_at: datetime | None
    settled_at: datetime | None


class ReturnVerdict(Schema):
    fits: bool
    why: str
    rule: str
    days: int
    allowed_days: int | None


class ReturnLineOut(Schema):
    id: UUID
    position: int
    order_line_id: UUID | None
    product_id: UUID
    unit_price: Decimal | None = Field(description="Without a document: what is credited for one, without tax.")
    is_part: bool
    description: str
    quantity: Number
    percent: Decimal | None
    reason_id: UUID
    condition: str
    note: str
    fee_percent: Number
    verdict: ReturnVerdict
    received: Number
    restocked: Number
    refurbishing: Number
    scrapped: Number
    sent_back: Number
    at_supplier: Number = Field(description="Taken back by a supplier.")

    @staticmethod
    def resolve_is_part(line: object) -> bool:
        return getattr(line, "part_each", None) is not None


class LackingGiftOut(Schema):
    """A gift that came with what goes back and does not come back; `worth` is kept of the credit, before tax where
    prices are without."""

    order_line_id: UUID
    name: str
    unit: str
    quantity: Number
    worth: Number


class ReturnOut(ReturnRow):
    asked_by: str
    note: str
    way: str | None = Field(description="How it was settled: `credit`, `exchange`, `refund` or `nothing`.")
    exchange_order_id: UUID | None
    credit_note_ids: list[UUID]
    coupons_back: list[str] = Field(description="Codes that can be used again since it is settled.")
    gifts_to_charge: list[LackingGiftOut] = Field(description="Before settling: what would be kept for gifts.")
    lines: list[ReturnLineOut]


class ReturnReasonDetails(Schema):
    code: str = Field(max_length=20)
    indonesian: str = Field(max_length=80, description="Its name in Indonesian.")
    english: str = Field(max_length=80, description="Its name in English.")
    fault: Literal["ours", "carrier", "customer"] = "ours"
    fee_percent: Percent = Decimal(0)
    customer_pays_freight: bool = False
    archive: bool = False


class ReturnReasonOut(Schema):
    id: UUID
    code: str
    indonesian: str
    english: str
    fault: str
    fee_percent: Number
    customer_pays_freight: bool
    archived_at: datetime | None

    @staticmethod
    def resolve_indonesian(reason: ReturnReason) -> str:
        return reason.name_id

    @staticmethod
    def resolve_english(reason: ReturnReason) -> str:
        return reason.name_en


class ReturnReasonList(Schema):
    items: list[ReturnReasonOut]


class ReturnRuleDetails(Schema):
    """What is not named is any."""

    name: str = Field(max_length=80)
    group_id: UUID | None = None
    category_id: UUID | None = None
    reason_id: UUID | None = None
    days: int | None = Field(None, ge=0, le=3650)
    conditions: list[Literal["unopened", "opened", "damaged"]] = Field([], max_length=3)
    refused: bool = False


class ReturnRuleOut(Schema):
    id: UUID
    name: str
    group_id: UUID | None
    category_id: UUID | None
    reason_id: UUID | None
    days: int | None
    conditions: list[str]
    refused: bool


class ReturnRuleList(Schema):
    items: list[ReturnRuleOut]
