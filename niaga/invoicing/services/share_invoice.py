from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import WrongState
from niaga.documents.services.create_link import create_link, link_url
from niaga.invoicing.queries.invoices import see_invoice
from niaga.organization.access import Actor, access_of


@transaction.atomic
def share_invoice(*, invoice_id: UUID, by: Actor, at: datetime) -> str:
    """Make a link to an issued invoice, to be handed over by WhatsApp or otherwise. Returns its address, once.

    :raises NotFound: no such invoice, or not visible to `by`
    :raises Forbidden: the person may not send it
    :raises WrongState: it is not issued
    """
    invoice = see_invoice(invoice_id=invoice_id, by=by)
    access_of(by).require("invoice", "send", invoice)
    if invoice.status != "issued":
        raise WrongState()
    batch = Batch()
    token = create_link(
        batch=batch, subject_kind="invoice", subject_id=invoice.id, company_id=invoice.company_id, by=by.id, at=at
    )
    record(
        batch=batch, subject_kind="invoice", subject_id=invoice.id, verb="share", by=by.id, at=at,
        company_id=invoice.company_id,
    )  # fmt: skip
    batch.write()
    return link_url(token)
