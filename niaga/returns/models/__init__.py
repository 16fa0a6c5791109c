from niaga.returns.models.deeds import (
    Outcome,
    ReturnCredit,
    ReturnCreditNote,
    ReturnDecision,
    ReturnInspection,
    ReturnReceipt,
    ReturnReceiptLine,
    ReturnSettlement,
)
from niaga.returns.models.goods_return import Condition, Return, ReturnKind, ReturnLine
from niaga.returns.models.reason import Fault, ReturnReason, ReturnRule
from niaga.returns.models.settings import ReturnSettings

__all__ = [
    "Condition",
    "Fault",
    "Outcome",
    "Return",
    "ReturnCredit",
    "ReturnCreditNote",
    "ReturnDecision",
    "ReturnInspection",
    "ReturnKind",
    "ReturnLine",
    "ReturnReason",
    "ReturnReceipt",
    "ReturnReceiptLine",
    "ReturnRule",
    "ReturnSettings",
    "ReturnSettlement",
]
