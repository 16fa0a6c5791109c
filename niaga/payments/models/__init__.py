from niaga.payments.models.bank import BankLine, BankProfile, BankStatement, KnownPayer, LineKind, LineSettlement
from niaga.payments.models.clearing import GiroClearing
from niaga.payments.models.payment import Payment, PaymentMethod, PaymentReversal

__all__ = [
    "BankLine", "BankProfile", "BankStatement", "GiroClearing", "KnownPayer", "LineKind", "LineSettlement",
    "Payment", "PaymentMethod", "PaymentReversal",
]  # fmt: skip
