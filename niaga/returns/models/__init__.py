from niaga.returns.models.deeds import (
    KeptGift,
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
from niaga.returns.models.settings import Coupons, Gifts, ReturnSettings
from niaga.returns.models.supplier_side import (
    CreditWay,
    SupplierAnswer,
    SupplierAnswerLine,
    SupplierCredit,
    SupplierCreditReceipt,
)

__all__ = [
    "Condition",
    "Coupons",
    "CreditWay",
    "Fault",
    "Gifts",
    "KeptGift",
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
    "SupplierAnswer",
    "SupplierAnswerLine",
    "SupplierCredit",
    "SupplierCreditReceipt",
]
