"""The shapes of stock documents on the wire."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import Q, QuerySet
from ninja import Schema
from pydantic import Field

from niaga.core.api import Number, PageQuery, PositiveQuantity, Price, named_once
from niaga.organization.access import access_of
from niaga.stock.services.check_lines import LotGiven, StockItem


class SpanQuery(PageQuery):
    """Filters of the stockroom's lists; all that are given must hold. `since` is included, `until` is not."""

    warehouse_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None

    def narrowed(
        self, rows: QuerySet[Any], *, words: tuple[str, ...], time: str, warehouse: str = "warehouse_id"
    ) -> QuerySet[Any]:
        """The rows whose `words` hold `q`, whose `time` is in the span, and that are of the warehouse."""
        text = getattr(self, "q", "")
        found = Q()
        for name in words if text else ():
            found |= Q(**{f"{name}__icontains": text})
        asked = {f"{time}__gte": self.since, f"{time}__lt": self.until, "status": getattr(self, "status", None)}
        if warehouse:
            asked[warehouse] = self.warehouse_id
        return rows.filter(found, **{name: value for name, value in asked.items() if value})


class MovedQuery(SpanQuery):
    q: str = Field("", max_length=100, description="Part of the number or of another text.")


class StockPaperQuery(MovedQuery):
    status: Literal["draft", "posted", "cancelled"] | None = None


class MoveQuery(SpanQuery):
    """`source_id` is the document behind the move."""

    product_id: UUID | None = None
    source_id: UUID | None = None
    reason: Literal["receipt", "shipment", "adjustment", "count", "transfer", "opening", "lot"] | None = None


class LotIn(Schema):
    """A lot of a line: `quantity` in the line's unit (nothing: all of it). A new one needs the day it `expires_on`."""

    number: str = Field(min_length=1, max_length=40)
    quantity: PositiveQuantity | None = None
    expires_on: date | None = None
    made_on: date | None = None


def item_of(line: Schema) -> StockItem:
    """A line as services take it."""
    said = line.dict()
    return StockItem(**said | {"lots": tuple(LotGiven(**lot) for lot in said["lots"])})


class ReceiptLineIn(Schema):
    """A product by `product_id` or `sku`; `unit_cost` of one base unit. `lots` of what is kept by lot."""

    product_id: UUID | None = None
    sku: str | None = Field(None, max_length=60)
    quantity: PositiveQuantity
    unit: str | None = Field(None, max_length=12)
    unit_cost: Price | None = None
    lots: list[LotIn] = Field(default_factory=list, max_length=500)


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
    unit_cost: Number | None = Field(description="Nothing for those who may not see costs.")

    @staticmethod
    def resolve_unit_cost(line: Any, context: Any) -> Decimal | None:
        cost: Decimal | None = line.unit_cost
        return cost if access_of(context["request"].user).sees_cost else None


class ReceiptRow(Schema):
    id: UUID
    number: str
    warehouse_id: UUID
    supplier: str
    reference: str
    note: str
    received_at: datetime


class ReceiptOut(ReceiptRow):
    lines: list[ReceiptLineOut] = Field(validation_alias="line_rows")


class LevelOut(Schema):
    """Base units. `available` is on hand less reserved and `barred` (of lots not to be sold); `incoming` is
    what suppliers bring from `incoming_date` on."""

    product_id: UUID
    warehouse_id: UUID
    on_hand: Number
    reserved: Number
    barred: Number
    available: Number
    incoming: Number
    incoming_date: date | None


class MoveOut(Schema):
    """Base units: what came, or with a minus what went."""

    id: UUID
    product_id: UUID
    warehouse_id: UUID
    quantity: Number
    unit_cost: Number | None = Field(description="Nothing for those who may not see costs.")
    value: Number | None = Field(
        description="What they were worth then, signed alike; nothing for those who may not see costs."
    )
    reason: str
    source_kind: str
    source_id: UUID
    lot_id: UUID | None
    at: datetime

    @staticmethod
    def resolve_unit_cost(move: Any, context: Any) -> Decimal | None:
        cost: Decimal | None = move.unit_cost
        return cost if access_of(context["request"].user).sees_cost else None

    @staticmethod
    def resolve_value(move: Any, context: Any) -> Decimal | None:
        value: Decimal = move.value
        return value if access_of(context["request"].user).sees_cost else None


Difference = Annotated[Decimal, Field(gt=-(Decimal(10) ** 12), lt=Decimal(10) ** 12, max_digits=19, decimal_places=6)]
Counted = Annotated[Decimal, Field(ge=0, lt=Decimal(10) ** 12, max_digits=19, decimal_places=6)]


class StockLineIn(Schema):
    """A product by `product_id` or `sku`, in `unit` or its base unit."""

    product_id: UUID | None = None
    sku: str | None = Field(None, max_length=60)
    quantity: PositiveQuantity
    unit: str | None = Field(None, max_length=12)


class AdjustmentLineIn(Schema):
    """What is added, or with a minus taken away. `unit_cost` of one base unit."""

    product_id: UUID | None = None
    sku: str | None = Field(None, max_length=60)
    quantity: Difference
    unit: str | None = Field(None, max_length=12)
    unit_cost: Price | None = None
    lots: list[LotIn] = Field(default_factory=list, max_length=500)


class AdjustmentIn(Schema):
    warehouse_id: UUID
    reason: str = Field(min_length=1, max_length=200)
    lines: list[AdjustmentLineIn] = Field(min_length=1, max_length=10_000)


class AdjustmentLineOut(Schema):
    """Base units. `expected` and `counted` are a count's."""

    id: UUID
    position: int
    product_id: UUID
    expected: Number | None
    counted: Number | None
    difference: Number
    lot_id: UUID | None


class AdjustmentRow(Schema):
    """An adjustment, or a count with `is_count`."""

    id: UUID
    number: str
    is_count: bool
    status: str
    warehouse_id: UUID
    reason: str
    version: int
    created_at: datetime
    posted_at: datetime | None


class AdjustmentOut(AdjustmentRow):
    lines: list[AdjustmentLineOut] = Field(validation_alias="line_rows")


class CountIn(Schema):
    """Without `product_ids` everything the warehouse has or had."""

    warehouse_id: UUID
    product_ids: list[UUID] | None = Field(None, min_length=1, max_length=10_000)
    reason: str = Field("", max_length=200)


class CountedLine(Schema):
    """What was counted of a line, in base units; null takes the figure back."""

    line_id: UUID
    counted: Counted | None


class CountEntryIn(Schema):
    lines: list[CountedLine] = Field(min_length=1, max_length=10_000)

    each_once = named_once("lines", "line_id")


class StockReason(Schema):
    """Why it is called off."""

    reason: str = Field("", max_length=1000)


class WarehouseIn(Schema):
    """Without `branch_id` in your own branch."""

    code: str = Field(min_length=1, max_length=20)
    name: str = Field(min_length=1, max_length=80)
    branch_id: UUID | None = None


class WarehousePatch(Schema):
    """Only what is sent is changed."""

    code: str | None = Field(None, min_length=1, max_length=20)
    name: str | None = Field(None, min_length=1, max_length=80)
    branch_id: UUID | None = None


class WarehouseOut(Schema):
    id: UUID
    code: str
    name: str
    branch_id: UUID
    archived_at: datetime | None
