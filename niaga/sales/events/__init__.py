"""What sales announces."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class QuotationSent:
    """The offer is with the customer. `to`: where it is mailed, with `message`; none when it was handed over."""

    subject_kind: ClassVar[str] = "quotation"
    subject_id: UUID
    number: str
    customer_id: UUID
    offer_version: int = 1
    to: tuple[str, ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True)
class QuotationAccepted:
    """The customer said yes; the order is there."""

    subject_kind: ClassVar[str] = "quotation"
    subject_id: UUID
    number: str
    customer_id: UUID
    order_id: UUID


@dataclass(frozen=True, slots=True)
class QuotationDeclined:
    subject_kind: ClassVar[str] = "quotation"
    subject_id: UUID
    number: str
    customer_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class QuotationChanged:
    """Opened, revised, expired or cancelled: whoever looks at it should look again."""

    subject_kind: ClassVar[str] = "quotation"
    subject_id: UUID
    number: str
    customer_id: UUID
    what: str


@dataclass(frozen=True, slots=True)
class BillingChanged:
    """How an order is billed by itself was chosen, or left to its customer's rule again."""

    subject_kind: ClassVar[str] = "order"
    subject_id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class OrderConfirmed:
    """The promise stands: stock is held, credit is counted."""

    subject_kind: ClassVar[str] = "order"
    subject_id: UUID
    number: str
    customer_id: UUID
    currency: str
    total: Decimal


@dataclass(frozen=True, slots=True)
class DropShipAsked:
    """A supplier is to send goods straight to an order's customer; the request is drawn up."""

    subject_kind: ClassVar[str] = "drop_ship"
    subject_id: UUID
    order_number: str
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """Amended, cancelled, closed, delivered or invoiced in part."""

    subject_kind: ClassVar[str] = "order"
    subject_id: UUID
    number: str
    customer_id: UUID
    what: str
