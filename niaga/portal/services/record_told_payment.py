from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.errors import NotFound, WrongState
from niaga.organization.access import Actor, access_of
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.portal.models import PortalCase
from niaga.portal.services.end_case import end_case
from niaga.portal.services.say_in_case import lock_case


@transaction.atomic
def record_told_payment(
    *, case_id: UUID, amount: Decimal, paid_on: date | None, bank_account_id: UUID | None, text: str, name: str,
    by: Actor, at: datetime,
) -> PortalCase:  # fmt: skip
    """Record the transfer that a customer told of, once it was seen on the bank account, and settle the invoice with
    it; what is more becomes an advance.

    :raises NotFound: no such case, or none that the person may see
    :raises WrongState: it is over, or tells of no payment
    :raises Refusal: as `record_payment` and `end_case`
    """
    case = lock_case(case_id)
    access = access_of(by)
    if case.company_id not in access.company_ids or not access.reaches("portal", "view", case.customer):
        raise NotFound()
    if case.status != "open" or case.kind != "payment" or case.invoice is None:
        raise WrongState()
    payment = record_payment(
        customer_id=case.customer_id, branch_id=case.invoice.branch_id,
        details=PaymentDetails(
            "transfer", case.currency, amount, reference=case.invoice.number or "", bank_account_id=bank_account_id,
            paid_on=paid_on,
        ),
        invoices=[(case.invoice.pk, None)], by=by, at=at,
    )  # fmt: skip
    return end_case(
        case_id=case_id, outcome="settled", text=text, name=name, payment_id=payment.pk, by=by, at=at
    )  # fmt: skip
