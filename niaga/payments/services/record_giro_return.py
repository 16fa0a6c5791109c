from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.organization.access import Actor
from niaga.payments.models import Payment
from niaga.payments.services.charge_giro_fee import charge_giro_fee
from niaga.payments.services.reverse_payment import reverse_payment


@transaction.atomic
def record_giro_return(
    *, payment_id: UUID, reason: str, returned_on: date | None = None, giro_fee: Decimal | None = None, by: Actor,
    at: datetime,
) -> Payment:  # fmt: skip
    """Record that the bank returned a giro, and in the same deed charge its customer a fee, where one is said.

    Raises what `reverse_payment` and `charge_giro_fee` do; then neither happened.
    """
    payment = reverse_payment(
        payment_id=payment_id, reason=reason, bounced=True, returned_on=returned_on, by=by, at=at
    )  # fmt: skip
    if giro_fee is not None:
        charge_giro_fee(payment_id=payment_id, amount=giro_fee, by=by, at=at)
    return payment
