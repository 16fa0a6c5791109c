from niaga.payments.models.payment import Payment, PaymentMethod, PaymentReversal

__all__ = ["Payment", "PaymentMethod", "PaymentReversal"]
