from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.invoicing.errors import NothingToWaive, ReasonMissing
from niaga.invoicing.models import Invoice, LateFeeDays, LateFeeWaiver
from niaga.invoicing.queries.late_fees import late_invoices
from niaga.invoicing.services.charge_late_fees import days_row
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.credit import lock_credit_account


@transaction.atomic
def waive_late_days(*, invoice_id: UUID, until: date | None = None, reason: str, by: Actor, at: datetime) -> int:
    """Let go of the late fee of an invoice that is not charged yet, up to a day (without one, to today): these days are
    never charged. Returns how many parts of the invoice it was.

    :raises NotFound: no such issued invoice
    :raises Forbidden: the person may not waive late fees of it
    :raises ReasonMissing: no reason was given
    :raises Invalid: the day is still to come
    :raises NothingToWaive: nothing is to be charged up to that day
    """
    rows = Invoice.objects.select_related("branch").filter(pk=invoice_id, status="issued", kind="invoice")
    invoice = rows.first()
    if invoice is None:
        raise NotFound()
    access_of(by).require("invoice", "waive", invoice)
    reason = reason.strip()[:1000]
    if not reason:
        raise ReasonMissing(field="reason")
    today = day_at(at=at, zone=invoice.branch.zone)
    until = until or today
    if until > today:
        raise Invalid(_("Days that are still to come cannot be waived."), field="until")
    lock_credit_account(invoice.customer_id)
    found = late_invoices(company_id=invoice.company_id, today=today, invoice_ids=[invoice_id])
    charges = [(late, one) for late in found for one in late.charges(upto=until, today=today)]
    if not charges:
        raise NothingToWaive()
    batch = Batch()
    days = [{**days_row(late, one), "id": new_id(), "fee_id": None, "line_id": None} for late, one in charges]
    shared = {"company_id": invoice.company_id, "customer_id": invoice.customer_id, "at": at, "released_at": None}
    batch.insert(LateFeeDays, days, **shared)
    batch.insert(
        LateFeeWaiver,
        [{"id": new_id(), "days_id": one["id"], "amount": one["amount"], "credit_note_id": None} for one in days],
        reason=reason, by=by.id, at=at,
    )  # fmt: skip
    record(
        batch=batch, subject_kind="invoice", subject_id=invoice_id, verb="waive_late_fee", by=by.id, at=at,
        company_id=invoice.company_id, note=reason,
        data={"until": until.isoformat(), "amount": str(sum(one.amount for _late, one in charges))},
    )  # fmt: skip
    batch.write()
    return len(days)
