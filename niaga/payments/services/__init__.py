from niaga.payments.services.allocate_advance import allocate_advance
from niaga.payments.services.clear_giro import clear_giro
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.services.reverse_payment import reverse_payment

__all__ = ["PaymentDetails", "allocate_advance", "clear_giro", "record_payment", "reverse_payment"]
