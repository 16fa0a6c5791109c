"""The commercial states of quotations and orders. Delivery, invoice and payment are axes of their own."""

from enum import StrEnum

from niaga.core.rules.flow import Flow, Move


class QuotationStatus(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class OrderStatus(StrEnum):
    DRAFT = "draft"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


_Q, _O = QuotationStatus, OrderStatus
quotation_flow = Flow(
    kind="quotation",
    moves={
        "send": Move((_Q.DRAFT, _Q.SENT), _Q.SENT),
        "revise": Move((_Q.SENT, _Q.EXPIRED, _Q.DECLINED), _Q.DRAFT),
        "accept": Move((_Q.DRAFT, _Q.SENT), _Q.ACCEPTED),
        "decline": Move((_Q.SENT,), _Q.DECLINED),
        "expire": Move((_Q.SENT,), _Q.EXPIRED),
        "cancel": Move((_Q.DRAFT, _Q.SENT, _Q.EXPIRED, _Q.DECLINED), _Q.CANCELLED),
    },
)
order_flow = Flow(
    kind="order",
    moves={
        "confirm": Move((_O.DRAFT,), _O.CONFIRMED),
        "cancel": Move((_O.DRAFT, _O.CONFIRMED), _O.CANCELLED),
        "close": Move((_O.CONFIRMED,), _O.CLOSED),
    },
)
