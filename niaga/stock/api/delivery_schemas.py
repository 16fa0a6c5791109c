"""The shapes of deliveries on the wire."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.core.api import Number
from niaga.stock.api.schemas import MovedQuery


class DeliveryQuery(MovedQuery):
    status: Literal["draft", "picking", "shipped", "delivered", "cancelled"] | None = None
    customer_id: UUID | None = None


class DeliveryRow(Schema):
    id: UUID
    number: str
    status: str
    customer_id: UUID
    warehouse_id: UUID
    source_number: str
    planned_date: date | None
    shipped_at: datetime | None
    joint_id: UUID | None = Field(None, description="With which it travels together with others.")
    version: int
    created_at: datetime


class DeliveryPartOut(Schema):
    """What is in a bundle: `quantity` base units of a product in each base unit of the line."""

    product_id: UUID
    sku: str
    name: str
    unit: str
    quantity: Number


class DeliveryLineOut(Schema):
    """A line; a bundle leaves by its `parts`."""

    id: UUID
    position: int
    product_id: UUID
    description: str
    quantity: Number
    factor: Number
    parts: list[DeliveryPartOut] = Field(validation_alias="part_rows")


class ProofOut(Schema):
    """Who took the goods; `photo_id` is an attachment of the delivery."""

    received_by: str
    photo_id: UUID | None
    note: str
    at: datetime


class DeliveryOut(DeliveryRow):
    address: dict[str, Any]
    carrier: str
    tracking: str
    note: str
    proof: ProofOut | None = Field(validation_alias="proof_row")
    lines: list[DeliveryLineOut] = Field(validation_alias="line_rows")


class DeliveryPatch(Schema):
    """Only what is sent is changed."""

    carrier: str = Field("", max_length=80)
    tracking: str = Field("", max_length=80)
    note: str = Field("", max_length=10_000)
    planned_date: date | None = None


class ArrivalIn(Schema):
    """Who took the goods. `photo_id` is a picture attached to the delivery before (`POST /attachments`)."""

    received_by: str = Field(min_length=1, max_length=120)
    photo_id: UUID | None = None
    note: str = Field("", max_length=2000)


class JointIn(Schema):
    """Deliveries of one customer to one address; one that travels with others already takes the rest along.

    `planned_date`: when all of them leave; else the first of their days.
    """

    delivery_ids: list[UUID] = Field(min_length=1, max_length=100)
    planned_date: date | None = None


class JointOut(Schema):
    """What travels together: one stop, one delivery note, one shipment. Each is its own order's delivery."""

    id: UUID
    number: str
    customer_id: UUID
    warehouse_id: UUID
    deliveries: list[DeliveryRow] = Field(validation_alias="delivery_rows")
    created_at: datetime


class ApartIn(Schema):
    """Those that are taken out; without them all of it is taken apart."""

    delivery_ids: list[UUID] | None = Field(None, min_length=1, max_length=100)


class CompanionOut(Schema):
    """A delivery that waits for the same door. `why` it cannot go along: other_joint, other_route; empty: it can."""

    id: UUID
    number: str
    order: str
    status: str
    planned_date: date | None
    goods: list[str]
    why: str
