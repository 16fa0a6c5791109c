"""What returns announces."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ReturnAuthorized:
    """Somebody let a return by: goods may come, or a claim be credited."""

    subject_kind: ClassVar[str] = "return"
    subject_id: UUID
    customer_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class ReturnReceived:
    """Goods came back, wholly or in part. `lines`: order line (empty without a document), product and
    quantity in base units, as text."""

    subject_kind: ClassVar[str] = "return"
    subject_id: UUID
    number: str
    customer_id: UUID
    order_id: UUID | None
    lines: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnSettled:
    """A return ended. Frozen facts for commission and targets: who sold it, by which credit notes, and of each order
    line how much (in its unit) is no longer sold, and why. The net that is taken back stands on the credit notes."""

    subject_kind: ClassVar[str] = "return"
    subject_id: UUID
    number: str
    kind: str
    customer_id: UUID
    order_id: UUID | None
    salesperson_id: UUID | None
    way: str
    currency: str
    credited: Decimal
    credit_note_ids: tuple[UUID, ...] = ()
    lines: tuple[dict[str, Any], ...] = ()
