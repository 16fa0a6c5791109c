"""What invoicing announces."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class InvoiceIssued:
    """The claim exists: it has its number and will never change."""

    subject_kind: ClassVar[str] = "invoice"
    subject_id: UUID
    customer_id: UUID
    currency: str
    total: Decimal


@dataclass(frozen=True, slots=True)
class InvoiceAllocated:
    """Something settled a part of the invoice, or took it back; `open` is what remains."""

    subject_kind: ClassVar[str] = "invoice"
    subject_id: UUID
    customer_id: UUID
    open: Decimal
