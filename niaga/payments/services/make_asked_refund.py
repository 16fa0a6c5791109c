"""Money that somebody said yes to goes back as it was asked for, once."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from niaga.core.batch import Batch, Sql
from niaga.core.errors import Refusal
from niaga.messaging.services.add_notice import add_notice
from niaga.organization.access import SYSTEM
from niaga.organization.queries.users import person_by_id
from niaga.payments.models import AskedRefund, Refund
from niaga.payments.services.pay_out_credit import PayOut, pay_out_credit
from niaga.payments.services.refund_payment import RefundDetails, refund_payment


@transaction.atomic
def make_asked_refund(*, request_id: UUID, at: datetime) -> list[Refund]:
    """Give back what was approved, as who asked for it; the refunds it became by this call.

    What refuses it, such as money that went another way meanwhile, is kept with it and who asked is told. Tried once: a
    yes does not wait for a better day.
    """
    asked = (
        AskedRefund.objects.select_for_update(of=("self",))
        .select_related("request")
        .filter(request_id=request_id, request__status="approved", made_at=None, refused_at=None)
        .first()
    )
    if asked is None:
        return []
    batch = Batch()
    try:
        with transaction.atomic():
            made = _give_back(asked, at)
    except Refusal as refusal:
        _keep_refusal(batch, asked, refusal, at)
        made = []
    else:
        batch.update(
            AskedRefund, where={"id": asked.pk, "made_at": Sql("IS NULL")},
            values={"made_at": at, "refund_ids": [one.pk for one in made]},
        )  # fmt: skip
    batch.write()
    return made


def _give_back(asked: AskedRefund, at: datetime) -> list[Refund]:
    by = person_by_id(asked.asked_by_id) if asked.asked_by_id else SYSTEM
    if asked.payment_id is not None:
        details = RefundDetails(asked.way, asked.reason, asked.amount, asked.reference, asked.bank_account_id)
        return [refund_payment(payment_id=asked.payment_id, details=details, approved=True, by=by, at=at)]
    assert asked.credit_note_id is not None
    paid_out = PayOut(asked.reason, asked.way, asked.amount, asked.reference, asked.bank_account_id)
    return pay_out_credit(credit_note_id=asked.credit_note_id, details=paid_out, approved=True, by=by, at=at)


def _keep_refusal(batch: Batch, asked: AskedRefund, refusal: Refusal, at: datetime) -> None:
    batch.update(
        AskedRefund, where={"id": asked.pk, "made_at": Sql("IS NULL")},
        values={"refused_at": at, "refusal": refusal.code},
    )  # fmt: skip
    if asked.asked_by_id is not None:
        add_notice(
            batch=batch, to=[asked.asked_by_id],
            text=gettext_noop("The approved refund of %(number)s of %(customer)s could not be made. See why."),
            facts={"number": asked.request.number, "customer": asked.request.party},
            url=f"/approvals/{asked.request_id}", subject_kind="approval", subject_id=asked.request_id, at=at,
        )  # fmt: skip
