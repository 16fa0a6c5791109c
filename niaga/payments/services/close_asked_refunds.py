"""A payment that is no more has nothing to give back: what waits for a yes about it is closed, who asked is told."""

from datetime import datetime

from django.utils.translation import gettext_noop

from niaga.approvals.services.withdraw_approval import withdraw_waiting
from niaga.core.batch import Batch
from niaga.messaging.services.add_notice import add_notice
from niaga.organization.access import Actor
from niaga.payments.models import Payment


def close_asked_refunds(*, batch: Batch, payment: Payment, reason: str, by: Actor, at: datetime) -> None:
    """Add to the batch that the waiting requests about a locked payment are withdrawn, with why it was reversed."""
    for request in withdraw_waiting(
        batch=batch, subject_kind="refund", subject_ids=[payment.pk], note=reason, by=by, at=at
    ):
        told = {one for one in (request.asked_by_id,) if one is not None}
        add_notice(
            batch=batch, to=told,
            text=gettext_noop("%(number)s was reversed: its refund, which waited for a yes, is withdrawn. %(reason)s"),
            facts={"number": payment.number, "reason": reason[:300]}, url=f"/approvals/{request.pk}",
            subject_kind="approval", subject_id=request.pk, at=at,
        )  # fmt: skip
