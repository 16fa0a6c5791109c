"""The states of a round on which invoices are exchanged for the customers' receipts (tukar faktur)."""

from enum import StrEnum

from niaga.core.rules.flow import Flow, Move


class ExchangeRoundStatus(StrEnum):
    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


_S = ExchangeRoundStatus
exchange_flow = Flow(
    kind="exchange_round",
    moves={"finish": Move((_S.PLANNED,), _S.DONE), "cancel": Move((_S.PLANNED,), _S.CANCELLED)},
)
