from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.core.outbox import announce
from niaga.invoicing.errors import InDispute, MoreThanOpen, ReasonMissing
from niaga.invoicing.events import DisputeRaised
from niaga.invoicing.models import Dispute
from niaga.invoicing.services.lock_claim import lock_claims
from niaga.organization.access import Actor
from niaga.parties.services.write_timeline import write_timeline


@transaction.atomic
def raise_dispute(
    *,
    invoice_id: UUID,
    reason: str,
    amount: Decimal | None = None,
    raised_by_name: str = "",
    by: Actor,
    at: datetime,
) -> UUID:
    """Note that the customer does not agree with an invoice, or with `amount` of it: reminders of it stop until the
    dispute is settled. Returns the dispute's id. The customer's own pages call it as the system.

    :raises NotFound: no such invoice, or none that the person may see
    :raises Forbidden: the person may not write to the customer about it
    :raises NothingOpen: it is paid, or is no claim
    :raises InDispute: it is disputed already
    :raises ReasonMissing: no reason
    :raises MoreThanOpen: more is disputed than is open
    :raises Invalid: the amount cannot be, or a text is too long
    """
    (claim,) = lock_claims(invoice_ids=[invoice_id], by=by)
    if Dispute.objects.filter(invoice_id=invoice_id, settled_at=None).exists():
        raise InDispute()
    if not reason.strip():
        raise ReasonMissing(field="reason")
    findings = Findings()
    typed = {"reason": reason[:2000], "raised_by_name": raised_by_name, "amount": amount or Decimal(0)}
    values = check_values(Dispute, typed, findings=findings)
    findings.raise_if_any()
    if amount is not None and not 0 < amount <= claim.total - claim.allocated:
        raise MoreThanOpen(field="amount")
    invoice, key = claim.invoice, new_id()
    batch = Batch()
    batch.insert(
        Dispute,
        [{**values, "id": key, "company_id": claim.company_id, "invoice_id": invoice_id,
          "customer_id": claim.customer_id, "amount": amount, "raised_by": by.pk, "raised_at": at}],
    )  # fmt: skip
    record(
        batch=batch, subject_kind="invoice", subject_id=invoice_id, verb="dispute", by=by.pk, at=at,
        company_id=claim.company_id, note=values["reason"],
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=claim.customer_id, company_id=claim.company_id, kind="dispute.raised",
        subject_kind="invoice", subject_id=invoice_id, number=invoice.number or "", amount=amount,
        currency=claim.currency if amount else "", text=values["reason"], actor_id=by.pk, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=DisputeRaised(key, invoice_id, claim.customer_id), company_id=claim.company_id, by=by.pk,
        at=at,
    )  # fmt: skip
    batch.write()
    return key
