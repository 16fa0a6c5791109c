from niaga.payments.models.clearing import GiroClearing
from niaga.payments.models.payment import Payment, PaymentMethod, PaymentReversal

__all__ = ["GiroClearing", "Payment", "PaymentMethod", "PaymentReversal"]
