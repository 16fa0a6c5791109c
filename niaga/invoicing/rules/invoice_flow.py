"""The states of an invoice or credit note. After issue there is none: what comes later is in rows beside it."""

from enum import StrEnum

from niaga.core.rules.flow import Flow, Move


class InvoiceStatus(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    DISCARDED = "discarded"


_S = InvoiceStatus
invoice_flow = Flow(
    kind="invoice",
    moves={"issue": Move((_S.DRAFT,), _S.ISSUED), "discard": Move((_S.DRAFT,), _S.DISCARDED)},
)
