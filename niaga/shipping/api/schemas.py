"""Shapes of carriers, shipments and doors."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema

from niaga.core.api import Amount, Number, PageQuery, PositiveQuantity


class CarrierIn(Schema):
    """`secret` left out keeps the one that is there."""

    kind: Literal["own", "by_hand", "rest"] = "by_hand"
    name: str = Field(min_length=1, max_length=80)
    services: list[str] = Field(default_factory=list, max_length=30)
    tracking_url: str = Field("", max_length=300, description="An https address with {number}.")
    base_url: str = Field("", max_length=300, description="Where a carrier over the internet is asked.")
    secret: str | None = Field(None, max_length=500)


class CarrierOut(Schema):
    id: UUID
    kind: str
    name: str
    services: list[str]
    tracking_url: str
    base_url: str
    archived_at: datetime | None


class ShipmentQuery(PageQuery):
    delivery_id: UUID | None = None
    carrier_id: UUID | None = None
    status: str = Field("", max_length=12)


class ShipmentsIn(Schema):
    """Without a `service` a carrier over the internet is asked for its prices first. `tracking` and `cost` are of one
    delivery only."""

    delivery_ids: list[UUID] = Field(min_length=1, max_length=1_000)
    carrier_id: UUID
    service: str = Field("", max_length=60)
    parcels: int = Field(1, ge=1, le=999)
    weight_grams: int = Field(1_000, ge=1, le=5_000_000, description="Of each delivery.")
    pickup_date: date | None = None
    expected_date: date | None = None
    tracking: str = Field("", max_length=80)
    cost: Amount | None = Field(None, ge=0)


class RateOut(Schema):
    service: str
    label: str
    cost: Number
    days: int | None


class ShipmentRow(Schema):
    id: UUID
    delivery_id: UUID
    carrier_id: UUID
    status: str
    service: str
    parcels: int
    weight_grams: int
    currency: str
    cost: Number | None
    tracking: str
    expected_date: date | None
    reason: str
    version: int
    created_at: datetime


class HappenedOut(Schema):
    state: str
    words: str
    place: str
    at: datetime


class ShipmentOut(ShipmentRow):
    pickup_date: date | None
    rates: list[RateOut]
    error: str
    has_label: bool = Field(description="A label can be fetched at /label, or will be.")
    events: list[HappenedOut]


class ShipmentsOut(Schema):
    shipment_ids: list[UUID]


class ServiceIn(Schema):
    service: str = Field(min_length=1, max_length=60)


class CallOffIn(Schema):
    """`called_off`: the carrier was told, and does not come."""

    reason: str = Field("", max_length=200)
    called_off: bool = False


class HappenedIn(Schema):
    state: Literal["in_transit", "out", "problem", "delivered", "returned"]
    words: str = Field("", max_length=200)
    place: str = Field("", max_length=120)


class RefusedIn(Schema):
    line: UUID = Field(description="The delivery's line.")
    quantity: PositiveQuantity
    reason: str = Field(min_length=1, max_length=200)


class PositionIn(Schema):
    latitude: Number = Field(ge=-90, le=90)
    longitude: Number = Field(ge=-180, le=180)
    accuracy: int | None = Field(None, ge=0, lt=100_000)


class VisitIn(Schema):
    """`key` is made by who sends it: sent again it counts once. Pictures are base64 or data addresses."""

    key: UUID
    outcome: Literal["delivered", "part", "failed"]
    at: datetime
    received_by: str = Field("", max_length=120)
    reason: str = Field("", max_length=200)
    next_date: date | None = None
    refused: list[RefusedIn] = Field(default_factory=list, max_length=5_000)
    photos: list[str] = Field(default_factory=list, max_length=4)
    signature: str = ""
    position: PositionIn | None = None
    cash: Amount | None = Field(None, gt=0)
    note: str = Field("", max_length=500)
    arrived_at: datetime | None = Field(None, description="When the driver came to the door.")


class DoorReportIn(VisitIn):
    """A visit that was refused, and the refusal."""

    refused_code: str = Field("", max_length=40)
    refused_words: str = Field("", max_length=300)


class VisitOut(Schema):
    id: UUID
    delivery_id: UUID
    outcome: str
    received_by: str
    reason: str
    next_date: date | None
    cash: Number | None
    currency: str
    note: str
    arrived_at: datetime | None
    at: datetime
    photo_ids: list[UUID] = Field(description="Attachments of the delivery.")
    signature_id: UUID | None


class DoorReportOut(Schema):
    """What a driver handed in: `told` is the visit without its pictures."""

    id: UUID
    delivery_id: UUID
    told: dict[str, Any]
    code: str
    words: str
    photo_ids: list[UUID]
    signature_id: UUID | None
    at: datetime
    received_at: datetime
    by: UUID | None


class DoorReportKeyOut(Schema):
    id: UUID


class DoorReportEndIn(Schema):
    note: str = Field(min_length=1, max_length=300)


class DoorReportEndOut(Schema):
    delivery_id: UUID


class NextTryIn(Schema):
    next_date: date


class DriverStopLine(Schema):
    id: UUID
    name: str
    sku: str
    quantity: Number
    unit: str


class DriverCollectOut(Schema):
    amount: Number
    currency: str


class DriverStopDelivery(Schema):
    delivery_id: UUID
    number: str


class DriverStopOut(Schema):
    """A door of the day. `state`: todo, again, missed, waiting (not loaded), done, off (called off).

    `deliveries` is all that is handed over there: a visit told of `delivery_id` tells of each.
    """

    delivery_id: UUID
    number: str
    deliveries: list[DriverStopDelivery]
    route: str
    position: int
    customer: str
    address: dict[str, Any]
    note: str
    state: str
    is_late: bool
    lines: list[DriverStopLine]
    collect: DriverCollectOut | None


class DriverDayOut(Schema):
    date: date
    stops: list[DriverStopOut]


class PositionConsentIn(Schema):
    """Whether it may be kept where the phone is at a door."""

    is_given: bool


class TakenInOut(Schema):
    payment_id: UUID


class TrackingOut(Schema):
    url: str


class ShippingSettingsIn(Schema):
    tells_customer: bool
    position_days: int = Field(ge=0, le=365)
    names_receiver: bool = Field(True, description="The customer's page names who took the goods.")
    asks_signature: bool = Field(False, description="Drivers' phones save no arrival without it.")
    asks_photo: bool = False


def told(body: VisitIn) -> dict[str, Any]:
    """As a phone would have sent it."""
    facts: dict[str, Any] = body.dict()
    facts |= {
        "key": str(body.key), "at": body.at.isoformat(),
        "arrived_at": body.arrived_at.isoformat() if body.arrived_at else None,
        "cash": str(body.cash) if body.cash else None,
        "next_date": body.next_date.isoformat() if body.next_date else None,
        "refused": [
            {"line": str(one.line), "quantity": str(one.quantity), "reason": one.reason} for one in body.refused
        ],
        "position": {
            "latitude": str(body.position.latitude), "longitude": str(body.position.longitude),
            "accuracy": body.position.accuracy,
        } if body.position else None,
    }  # fmt: skip
    return facts
