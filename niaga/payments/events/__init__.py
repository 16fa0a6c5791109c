"""What payments announces."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PaymentRecorded:
    """Money came in; `advance` is the part that settles no invoice yet."""

    subject_kind: ClassVar[str] = "payment"
    subject_id: UUID
    customer_id: UUID
    currency: str
    amount: Decimal
    advance: Decimal


@dataclass(frozen=True, slots=True)
class PaymentReversed:
    """A payment was taken back: a returned giro, a mistake."""

    subject_kind: ClassVar[str] = "payment"
    subject_id: UUID
    customer_id: UUID
    amount: Decimal
