from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.errors import NotFound
from niaga.documents.services.affix_stamp import affix_stamp
from niaga.invoicing.models import Invoice
from niaga.invoicing.queries.invoices import visible_invoices
from niaga.invoicing.queries.stamps import stamped
from niaga.organization.access import Actor, access_of


@transaction.atomic
def stamp_invoice(*, invoice_id: UUID, serial: str, by: Actor, at: datetime) -> str:
    """Note the e-meterai that was put on an invoice that acknowledges a down payment.

    :raises NotFound: no such invoice, or not visible to `by`
    :raises Forbidden: the person may not issue invoices
    :raises NoStampDuty: it bears none
    :raises Invalid: this is no serial number
    :raises StampTaken: that e-meterai is on another document
    """
    Invoice.objects.select_for_update(of=("self",)).only("pk").filter(pk=invoice_id).first()
    invoice = stamped(visible_invoices(by=by)).filter(pk=invoice_id).first()
    if invoice is None:
        raise NotFound()
    access_of(by).require("invoice", "issue", invoice)
    return affix_stamp(
        subject_kind="invoice", subject_id=invoice.pk, company_id=invoice.company_id, duty=invoice.duty,
        serial=serial, by=by, at=at,
    )  # fmt: skip
