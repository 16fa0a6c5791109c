"""The shapes of what suppliers are to bring, and of what came, on the wire."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.core.api import Number, PositiveQuantity, Price, named_once
from niaga.stock.api.schemas import LotIn, MovedQuery, StockLineIn


class ExpectedQuery(MovedQuery):
    status: Literal["open", "received", "cancelled"] | None = None
    expected_until: date | None = Field(None, description="Expected on this day or before.")


class ExpectedReceiptIn(Schema):
    warehouse_id: UUID
    supplier: str = Field(min_length=1, max_length=120)
    expected_date: date
    reference: str = Field("", max_length=60)
    lines: list[StockLineIn] = Field(min_length=1, max_length=10_000)


class ExpectedReceiptLineOut(Schema):
    """Base units."""

    id: UUID
    product_id: UUID
    quantity: Number
    received: Number


class ExpectedReceiptRow(Schema):
    id: UUID
    status: str
    warehouse_id: UUID
    supplier: str
    reference: str
    expected_date: date
    version: int
    created_at: datetime


class ExpectedReceiptOut(ExpectedReceiptRow):
    lines: list[ExpectedReceiptLineOut] = Field(validation_alias="line_rows")


class CameLine(Schema):
    """What came of a line, in base units; `unit_cost` of one."""

    line_id: UUID
    quantity: PositiveQuantity
    unit_cost: Price | None = None
    lots: list[LotIn] = Field(default_factory=list, max_length=500)


class ReceptionIn(Schema):
    """Without `lines` all that is left. With `is_last` nothing more is waited for."""

    lines: list[CameLine] | None = Field(None, min_length=1, max_length=10_000)
    is_last: bool = False
    note: str = Field("", max_length=10_000)

    each_once = named_once("lines", "line_id")
