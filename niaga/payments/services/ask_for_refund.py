"""Money that needs a yes before it goes back: what was asked is kept, and those whom the rules name are asked."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.approvals.errors import NoApprovalNeeded
from niaga.approvals.services.ask_approval import Subject, ask_approval
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.invoicing.queries.allocations import credit_left
from niaga.organization.access import Actor, access_of
from niaga.payments.errors import RefundNeedsApproval
from niaga.payments.models import AskedRefund, Payment
from niaga.payments.queries.locked import lock_payment
from niaga.payments.queries.refund_gate import lacking_for
from niaga.payments.services.pay_out_credit import PayOut, pay_out_credit
from niaga.payments.services.refund_payment import RefundDetails, refund_payment


@transaction.atomic
def ask_for_refund(*, payment_id: UUID, details: RefundDetails, by: Actor, at: datetime) -> AskedRefund:
    """Ask for the yes that giving back of a payment needs. It passes every check of the refund itself; the last yes
    makes it.

    :raises NoApprovalNeeded: no rule asks for one
    :raises NotFound, Forbidden, WrongState, Invalid, RefundTooMuch: see `refund_payment`
    :raises ApprovalAskedAlready, NobodyCanApprove: see `ask_approval`
    """
    try:
        with transaction.atomic():
            refund_payment(payment_id=payment_id, details=details, by=by, at=at)
            raise NoApprovalNeeded()
    except RefundNeedsApproval as needed:
        amount: Decimal = needed.facts["amount"]
    payment = lock_payment(payment_id)
    return _keep(payment, amount, details, {"payment_id": payment.pk}, by, at)


@transaction.atomic
def ask_for_pay_out(*, credit_note_id: UUID, details: PayOut, by: Actor, at: datetime) -> AskedRefund:
    """Ask for the yes that paying out a credit note needs; all that goes back is asked for as one.

    :raises NoApprovalNeeded: no rule asks for one
    :raises NotFound, Forbidden, Invalid, NothingToPayOut, RefundTooMuch: see `pay_out_credit`
    :raises ApprovalAskedAlready, NobodyCanApprove: see `ask_approval`
    """
    try:
        with transaction.atomic():
            pay_out_credit(credit_note_id=credit_note_id, details=details, by=by, at=at)
            raise NoApprovalNeeded()
    except RefundNeedsApproval as needed:
        amount: Decimal = needed.facts["amount"]
    note = credit_left(credit_note_id)
    return _keep(note, amount, details, {"credit_note_id": credit_note_id}, by, at)


def _keep(
    about: Any, amount: Decimal, details: RefundDetails | PayOut, of: dict[str, UUID], by: Actor, at: datetime
) -> AskedRefund:
    access_of(by).require("payment", "refund", about)
    rules, facts = lacking_for(about, amount=amount, at=at)
    subject = Subject(
        kind="refund", id=about.pk, number=about.number, company_id=about.company_id, branch_id=about.branch_id,
        salesperson_id=about.salesperson_id, party_id=about.customer_id, party=about.customer.name, amount=amount,
        currency=about.currency, own_of=[about.created_by if isinstance(about, Payment) else None],
    )  # fmt: skip
    request = ask_approval(subject=subject, rules=rules, facts=facts, note=details.reason.strip(), by=by, at=at)
    row = {
        "id": new_id(), "company_id": about.company_id, "request_id": request.pk, "currency": about.currency,
        "amount": amount, "way": details.way, "reason": details.reason.strip()[:2000],
        "reference": details.reference.strip()[:80], "bank_account_id": details.bank_account_id, "asked_by_id": by.id,
        "asked_at": at, **of,
    }  # fmt: skip
    batch = Batch()
    batch.insert(AskedRefund, [row])
    batch.write()
    return AskedRefund.objects.get(pk=row["id"])
