from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, WrongState
from niaga.invoicing.errors import ReasonMissing
from niaga.invoicing.models import InvoiceBalance, TaxSlip
from niaga.ledger.rules.postings import slip_postings
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor, access_of


@transaction.atomic
def reverse_tax_slip(*, slip_id: UUID, reason: str, by: Actor, at: datetime) -> TaxSlip:
    """Take back a slip that was wrong: its tax is waited for again.

    :raises NotFound: no such slip
    :raises Forbidden: the person may not record slips
    :raises ReasonMissing: no reason was given
    :raises WrongState: it was reversed before
    :raises PeriodClosed: the books of today's month are closed
    """
    invoice_id = TaxSlip.objects.filter(pk=slip_id).values_list("invoice_id", flat=True).first()
    if invoice_id is None:
        raise NotFound()
    list(InvoiceBalance.objects.select_for_update().filter(invoice_id=invoice_id).values_list("id"))
    slip = TaxSlip.objects.select_related("invoice__branch").get(pk=slip_id)
    invoice = slip.invoice
    access_of(by).require("tax_filing", "record", company_id=slip.company_id)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    if slip.reversed_at is not None:
        raise WrongState()
    reason = reason.strip()[:200]
    values = {"reversed_by": by.id, "reversed_at": at, "reason": reason}
    batch = Batch()
    batch.update(TaxSlip, where={"id": slip.id}, values=values)
    post_entry(
        batch=batch, company_id=slip.company_id, branch_id=invoice.branch_id,
        date=day_at(at=at, zone=invoice.branch.zone), source_kind="tax_slip", source_id=slip.id, number=slip.number,
        currency=invoice.currency, customer_id=invoice.customer_id, by=by.id, at=at,
        postings=slip_postings(tax=slip.luxury_tax - slip.amount, luxury_tax=-slip.luxury_tax),
    )  # fmt: skip
    record(
        batch=batch, subject_kind="invoice", subject_id=invoice.id, verb="tax_slip_reverse", by=by.id, at=at,
        company_id=slip.company_id, note=reason, data={"number": slip.number, "amount": str(slip.amount)},
    )  # fmt: skip
    batch.write()
    for name, value in values.items():
        setattr(slip, name, value)
    return slip
