from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.documents.services.affix_stamp import affix_stamp
from niaga.organization.access import Actor, access_of
from niaga.payments.queries.locked import lock_payment
from niaga.payments.queries.payments import get_payment


@transaction.atomic
def stamp_payment(*, payment_id: UUID, serial: str, by: Actor, at: datetime) -> str:
    """Note the e-meterai that was put on a payment's receipt.

    :raises NotFound: no such payment, or not visible to `by`
    :raises Forbidden: the person may not record payments
    :raises NoStampDuty: its receipt bears none, or it was reversed
    :raises Invalid: this is no serial number
    :raises StampTaken: that e-meterai is on another document
    """
    lock_payment(payment_id)
    payment: Any = get_payment(payment_id=payment_id, by=by)
    access_of(by).require("payment", "record", payment)
    return affix_stamp(
        subject_kind="payment", subject_id=payment.id, company_id=payment.company_id, duty=payment.duty,
        serial=serial, by=by, at=at,
    )  # fmt: skip
