"""What invoicing announces."""

from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True, slots=True)
class ReminderSent:
    """A customer was told what they owe (or is to be called): `days` of the level after the due day."""

    subject_kind: ClassVar[str] = "reminder"
    subject_id: UUID
    customer_id: UUID
    days: int


@dataclass(frozen=True, slots=True)
class DisputeRaised:
    """A customer does not agree with an invoice; nobody reminds of it meanwhile."""

    subject_kind: ClassVar[str] = "dispute"
    subject_id: UUID
    invoice_id: UUID
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class DisputeSettled:
    subject_kind: ClassVar[str] = "dispute"
    subject_id: UUID
    invoice_id: UUID
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentPromised:
    """A customer said by when they will pay (`until_date`)."""

    subject_kind: ClassVar[str] = "promise"
    subject_id: UUID
    customer_id: UUID
    until_date: date


@dataclass(frozen=True, slots=True)
class InvoiceExchanged:
    """What came of an invoice on a round of tukar faktur: `outcome` is taken, refused or missed."""

    subject_kind: ClassVar[str] = "invoice"
    subject_id: UUID
    customer_id: UUID
    outcome: str


@dataclass(frozen=True, slots=True)
class InvoiceCorrected:
    """An issued invoice was credited whole and claimed anew, in one deed."""

    subject_kind: ClassVar[str] = "invoice"
    subject_id: UUID
    correction_id: UUID
    customer_id: UUID
    replacement_id: UUID
