"""What goes in and out of the API of prepared changes and publications."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.core.api import Amount, Number
from niaga.pricing.api.promotion_schemas import PromotionIn
from niaga.pricing.api.schemas import RuleOut


class PriceChangeIn(Schema):
    name: str = Field(min_length=1, max_length=120, description="What it is for, as colleagues will find it.")


class PromotionChangeIn(PriceChangeIn):
    promotion: PromotionIn | None = Field(None, description="How it is to be; without it, as it is, to be written.")


class PriceChangeOut(Schema):
    id: UUID
    price_list_id: UUID | None
    promotion_id: UUID | None
    name: str
    status: str = Field(description="draft, scheduled, blocked, published or discarded")
    publish_at: datetime | None
    prices: int = Field(description="So many prices it sets or takes away.")
    changes_rules: bool = Field(description="Formulas of a list; steps and parts of a promotion.")
    heads: dict[str, list[Any]] = Field(description="By field: what it was, what it becomes.")
    note: str = Field(description="Why, for its publication at its moment.")
    seen_version: int = Field(description="The version of the list or promotion that it was set against.")
    version: int
    created_at: datetime
    updated_at: datetime


class ChangedEntries(Schema):
    prices: int = Field(description="So many prices the change now sets or takes away.")
    version: int


class PriceScheduleIn(Schema):
    publish_at: datetime = Field(description="With its time zone: 2026-12-01T00:00:00+07:00.")
    note: str = Field("", max_length=500, description="Why, for the history.")


class ChangeNoteIn(Schema):
    note: str = Field("", max_length=500, description="Why, for the history.")


class RollBackIn(ChangeNoteIn):
    over_later_changes: bool = Field(False, description="Undo later changes of the same things too.")


class ChangedPrice(Schema):
    product_id: UUID
    unit_id: UUID | None
    min_quantity: Number
    before: Number | None
    after: Number | None


class PublicationOut(Schema):
    id: UUID
    price_list_id: UUID | None
    promotion_id: UUID | None
    kind: str = Field(description="edit, import, undo, change or rollback")
    change_id: UUID | None
    reverses_id: UUID | None
    by: UUID | None
    at: datetime
    note: str
    subject_version: int = Field(description="The version of the list or promotion that it made.")
    heads: dict[str, list[Any]]
    changes_rules: bool
    prices: int


class PublicationWhole(PublicationOut):
    changed_prices: list[ChangedPrice]


class ProductChange(Schema):
    product_id: UUID
    sku: str
    name: str
    unit: str
    quantity: Decimal
    before: Decimal | None
    after: Decimal | None
    percent: Decimal | None
    cost: Decimal | None = Field(description="Null, as margins and flags, to who may not see cost.")
    margin_before: Decimal | None
    margin_after: Decimal | None
    below_cost: bool | None
    below_floor: bool | None


class ProductsChange(Schema):
    of: int = Field(description="Products that the change can touch.")
    counted: int
    changed: int
    up: int
    down: int
    begin: int
    end: int
    below_cost: int | None
    below_floor: int | None
    fresh: bool = Field(description="False: counted before the change or the lists became what they are.")
    biggest: list[ProductChange]


class CustomersChange(Schema):
    customer_id: UUID | None
    label: str = Field(description="Group and territory that they share.")
    name: str = Field(description="Of one of them.")
    customers: int
    changed: int
    largest_percent: Number


class DocumentChange(Schema):
    id: UUID
    kind: str
    number: str
    customer: str
    keeps_its_prices: bool
    lines: int
    before: Amount
    after: Amount
    difference: Amount
    discount_before: Amount
    discount_after: Amount
    margin_before: Decimal | None = Field(description="In percent; null to who may not see cost.")
    margin_after: Decimal | None


class WhatIfOut(Schema):
    on: str = Field(description="The first day on which it holds, from the publication on.")
    stand_on_it: list[str]
    products: ProductsChange | None = Field(description="Null: many products that were not counted yet.")
    customers: int
    customers_exact: bool
    customer_rows: list[CustomersChange]
    documents: list[DocumentChange]
    documents_left_off: int
    documents_difference: Amount
    documents_base_difference: Amount | None = Field(
        description="In the company's own currency, at `exchange_rate`; null: no rate is known."
    )
    currency: str = Field(description="Of all amounts but the one before.")
    exchange_rate: Number | None = Field(
        description="Of the company's own currency for one of `currency`, by which products' own prices and costs were"
        " turned; null: it is the company's own, or no rate is known."
    )
    rate_missing: str | None = Field(
        description="What to write down so that own prices and margins are known; null: nothing."
    )


class DraftedRules(Schema):
    rules: list[RuleOut]
    version: int
