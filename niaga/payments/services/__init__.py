from niaga.payments.services.record_payment import PaymentDetails, record_payment

__all__ = ["PaymentDetails", "record_payment"]
