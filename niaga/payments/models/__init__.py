from niaga.payments.models.asked_refund import AskedRefund
from niaga.payments.models.bank import BankLine, BankProfile, BankStatement, KnownPayer, LineKind, LineSettlement
from niaga.payments.models.clearing import GiroClearing
from niaga.payments.models.gateway import (
    GatewayAccount,
    GatewayPayout,
    PaymentRequest,
    RefusedCall,
    SandboxCharge,
)
from niaga.payments.models.giro_fee import GiroFee, GiroFeeSetting, GiroFeeWaiver
from niaga.payments.models.payment import Payment, PaymentMethod, PaymentReversal
from niaga.payments.models.qris import CompanyQris
from niaga.payments.models.refund import CreditRefund, Refund

__all__ = [
    "AskedRefund", "BankLine", "BankProfile", "BankStatement", "CompanyQris", "CreditRefund", "GatewayAccount",
    "GatewayPayout",
    "GiroClearing", "GiroFee", "GiroFeeSetting", "GiroFeeWaiver",
    "KnownPayer", "LineKind", "LineSettlement", "Payment", "PaymentMethod", "PaymentRequest",
    "PaymentReversal", "Refund", "RefusedCall", "SandboxCharge",
]  # fmt: skip
