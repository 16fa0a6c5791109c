from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound, WrongState
from niaga.core.outbox import announce
from niaga.invoicing.errors import ReasonMissing
from niaga.invoicing.events import DisputeSettled
from niaga.invoicing.models import Dispute
from niaga.organization.access import Actor, access_of
from niaga.parties.services.write_timeline import write_timeline


@transaction.atomic
def settle_dispute(*, dispute_id: UUID, settlement: str, by: Actor, at: datetime) -> None:
    """Note what was agreed: from now on what is left of the invoice is reminded of again. Money is not moved; a credit
    note is made beside.

    :raises NotFound: no such dispute, or of an invoice that the person may not see
    :raises Forbidden: the person may not write to the customer about it
    :raises WrongState: it is settled
    :raises ReasonMissing: nothing is said about how
    """
    rows = Dispute.objects.select_for_update(of=("self",)).select_related("invoice")
    dispute = rows.filter(pk=dispute_id).first()
    access = access_of(by)
    if dispute is None or dispute.company_id not in access.company_ids:
        raise NotFound()
    if not access.reaches("invoice", "view", dispute.invoice):
        raise NotFound()
    access.require("invoice", "send", dispute.invoice)
    if dispute.settled_at is not None:
        raise WrongState()
    words = settlement.replace("\x00", "").strip()[:2000]
    if not words:
        raise ReasonMissing(field="settlement")
    batch = Batch()
    batch.update(
        Dispute, where={"id": dispute.pk}, values={"settled_at": at, "settled_by": by.pk, "settlement": words}
    )  # fmt: skip
    record(
        batch=batch, subject_kind="invoice", subject_id=dispute.invoice_id, verb="settle_dispute", by=by.pk, at=at,
        company_id=dispute.company_id, note=words,
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=dispute.customer_id, company_id=dispute.company_id, kind="dispute.settled",
        subject_kind="invoice", subject_id=dispute.invoice_id, number=dispute.invoice.number or "", text=words,
        actor_id=by.pk, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=DisputeSettled(dispute.pk, dispute.invoice_id, dispute.customer_id),
        company_id=dispute.company_id, by=by.pk, at=at,
    )  # fmt: skip
    batch.write()
