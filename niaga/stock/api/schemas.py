"""The shapes of stock documents on the wire."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.core.api import Number, PositiveQuantity, Price


class ReceiptLineIn(Schema):
    """A product by `product_id` or `sku`; `unit_cost` of one base unit."""

    product_id: UUID | None = None
    sku: str | None = Field(None, max_length=60)
    quantity: PositiveQuantity
    unit: str | None = Field(None, max_length=12)
    unit_cost: Price | None = None


class ReceiptIn(Schema):
    lines: list[ReceiptLineIn] = Field(min_length=1, max_length=10_000)
    warehouse_id: UUID | None = None
    branch_id: UUID | None = None
    supplier: str = Field("", max_length=120)
    reference: str = Field("", max_length=60)
    note: str = Field("", max_length=10_000)


class ReceiptLineOut(Schema):
    id: UUID
    product_id: UUID
    quantity: Number
    factor: Number
    unit_cost: Number | None


class ReceiptOut(Schema):
    id: UUID
    number: str
    warehouse_id: UUID
    supplier: str
    reference: str
    received_at: datetime
    lines: list[ReceiptLineOut] = Field(validation_alias="line_rows")


class LevelOut(Schema):
    """Base units. `available` is on hand less reserved."""

    product_id: UUID
    warehouse_id: UUID
    on_hand: Number
    reserved: Number
    available: Number


class DeliveryRow(Schema):
    id: UUID
    number: str
    status: str
    customer_id: UUID
    warehouse_id: UUID
    source_number: str
    planned_date: date | None
    shipped_at: datetime | None
    version: int
    created_at: datetime


class DeliveryLineOut(Schema):
    id: UUID
    position: int
    product_id: UUID
    description: str
    quantity: Number
    factor: Number


class DeliveryOut(DeliveryRow):
    address: dict[str, Any]
    carrier: str
    tracking: str
    lines: list[DeliveryLineOut] = Field(validation_alias="line_rows")
