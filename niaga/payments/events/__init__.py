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


@dataclass(frozen=True, slots=True)
class PaymentRequested:
    """A way to pay an invoice was asked for; a job asks the gateway."""

    subject_kind: ClassVar[str] = "payment_request"
    subject_id: UUID
    invoice_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentRequestMoved:
    """A request took a new state: it can be paid, was paid, ended, or nobody knows."""

    subject_kind: ClassVar[str] = "payment_request"
    subject_id: UUID
    invoice_id: UUID
    status: str


@dataclass(frozen=True, slots=True)
class PaymentRequestDoubted:
    """The gateway is to be asked what became of a request: it told something it does not sign, or a person wants it."""

    subject_kind: ClassVar[str] = "payment_request"
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class GatewayCheckAsked:
    """The connection to a gateway is to be tried."""

    subject_kind: ClassVar[str] = "gateway_account"
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class SandboxPaid:
    """Somebody paid, or did not, at the sandbox gateway: it is to tell us, in the way that was chosen."""

    subject_kind: ClassVar[str] = "sandbox_charge"
    subject_id: UUID
    behaviour: str


@dataclass(frozen=True, slots=True)
class RefundAsked:
    """Money goes back through a gateway; a job asks it to."""

    subject_kind: ClassVar[str] = "refund"
    subject_id: UUID
    payment_id: UUID
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class RefundSettled:
    """A refund is `done`, or `failed` and the money is the customer's again."""

    subject_kind: ClassVar[str] = "refund"
    subject_id: UUID
    payment_id: UUID
    customer_id: UUID
    currency: str
    amount: Decimal
    status: str
