"""What stock announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DeliveryShipped:
    """The goods left the warehouse."""

    subject_kind: ClassVar[str] = "delivery"
    subject_id: UUID
    number: str
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class DeliveryDelivered:
    """The customer has the goods; the proof is with the delivery."""

    subject_kind: ClassVar[str] = "delivery"
    subject_id: UUID
    number: str
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class DeliveryRegrouped:
    """It travels together with others now, with other ones than before, or alone again."""

    subject_kind: ClassVar[str] = "delivery"
    subject_id: UUID
    number: str
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class StockReceived:
    """Goods came in; waiting orders may be held now."""

    subject_kind: ClassVar[str] = "receipt"
    subject_id: UUID
    warehouse_id: UUID


@dataclass(frozen=True, slots=True)
class DeliveryCancelled:
    """The goods stay; their order may be delivered anew."""

    subject_kind: ClassVar[str] = "delivery"
    subject_id: UUID
    number: str
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class IncomingChanged:
    """Goods are expected that were not, for another day, or no longer."""

    subject_kind: ClassVar[str] = "expected_receipt"
    subject_id: UUID
    warehouse_id: UUID
