"""The shapes of transfers on the wire."""

from datetime import date, datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.core.api import Number, named_once
from niaga.stock.api.schemas import Counted, LotIn, StockLineIn


class TransferLineIn(StockLineIn):
    """What is kept by lot leaves first expired first out, unless its `lots` are named."""

    lots: list[LotIn] = Field(default_factory=list, max_length=500)


class TransferIn(Schema):
    """With `expected_date` the goods are sent: held now, on their way once they leave, and counted in at the target."""

    source_id: UUID
    target_id: UUID
    expected_date: date | None = None
    carrier: str = Field("", max_length=80)
    note: str = Field("", max_length=10_000)
    lines: list[TransferLineIn] = Field(min_length=1, max_length=10_000)


class TransferLineOut(Schema):
    """Base units. What is neither received, returned nor lost is on its way; `over` came beyond what left."""

    id: UUID
    product_id: UUID
    quantity: Number
    lot_id: UUID | None
    received: Number
    returned: Number
    lost: Number
    over: Number


class TransferReceptionLine(Schema):
    line_id: UUID
    quantity: Counted


class TransferReceptionIn(Schema):
    """Without `lines` all that is on its way came. `is_last`: what is missing is lost; it needs a `reason`."""

    lines: list[TransferReceptionLine] | None = Field(None, max_length=10_000)
    is_last: bool = False
    reason: str = Field("", max_length=200)

    each_once = named_once("lines", "line_id")


class TransferBackIn(Schema):
    reason: str = Field(min_length=1, max_length=200)


class TransferDayIn(TransferBackIn):
    expected_date: date


class TransferRow(Schema):
    id: UUID
    number: str
    status: str
    version: int
    expected_date: date | None
    carrier: str
    shipped_at: datetime | None
    received_at: datetime | None
    source_id: UUID
    target_id: UUID
    note: str
    moved_at: datetime


class TransferOut(TransferRow):
    lines: list[TransferLineOut] = Field(validation_alias="line_rows")
