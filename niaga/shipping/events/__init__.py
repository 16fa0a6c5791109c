"""What shipping announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ShipmentAsked:
    """A shipment waits to be booked, or to be told what it would cost."""

    subject_kind: ClassVar[str] = "shipment"
    subject_id: UUID
    delivery_id: UUID


@dataclass(frozen=True, slots=True)
class ShipmentMoved:
    """A shipment is somewhere else now, or its booking was settled."""

    subject_kind: ClassVar[str] = "shipment"
    subject_id: UUID
    delivery_id: UUID
    status: str


@dataclass(frozen=True, slots=True)
class DoorVisited:
    """A driver was at the customer's door: what was delivered, and how many lines were refused wholly or in part."""

    subject_kind: ClassVar[str] = "delivery"
    subject_id: UUID
    visit_id: UUID
    outcome: str
    refused: int = 0


@dataclass(frozen=True, slots=True)
class DoorReported:
    """What a driver told of a door could not be taken, and was handed to the office."""

    subject_kind: ClassVar[str] = "delivery"
    subject_id: UUID
    report_id: UUID
