from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.invoicing.services.send_invoice import send_invoice
from niaga.organization.access import SYSTEM
from niaga.sales.models import RecurringPeriod


@transaction.atomic
def mail_recurring(*, cause_id: UUID, at: datetime) -> UUID | None:
    """Mail the issued invoice of a period where its plan says so, once. Returns the mail's id; None: nothing to mail,
    or the customer has no address.

    :raises PdfFailed: the PDF could not be made; it is tried again by the next round
    """
    rows = RecurringPeriod.objects.select_for_update(of=("self",)).select_related("plan", "cause__invoice")
    period = rows.filter(cause_id=cause_id, plan__mails=True, mailed_at=None, cause__invoice__status="issued").first()
    if period is None or period.cause is None or period.cause.invoice is None:
        return None
    address = period.cause.invoice.party.get("email", "")
    period.mailed_at = at
    period.save(update_fields=["mailed_at"])
    if not address:
        return None
    return send_invoice(invoice_id=period.cause.invoice.pk, to=[address], by=SYSTEM, at=at)
