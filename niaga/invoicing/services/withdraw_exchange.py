from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import WrongState
from niaga.invoicing.errors import ReasonMissing
from niaga.invoicing.models import ExchangeItem, ExchangeOutcome, Invoice
from niaga.invoicing.services.learn_dues import learn_dues
from niaga.organization.access import Actor, access_of, seen
from niaga.parties.services.write_timeline import write_timeline


@transaction.atomic
def withdraw_exchange(*, invoice_id: UUID, reason: str, by: Actor, at: datetime) -> ExchangeItem:
    """Take back that an invoice was taken in: noted by mistake, or given back by the customer. What counted from that
    day has no day again, and the invoice waits for another round. A promise to pay that came with it stays.

    :raises NotFound: no such invoice, or none that the person may see
    :raises Forbidden: the person may not write to the customer about it
    :raises WrongState: it is not taken in
    :raises ReasonMissing: nothing says why
    """
    invoice = seen(Invoice.objects.filter(pk=invoice_id).first(), "invoice", by=by)
    access_of(by).require("invoice", "send", invoice)
    rows = ExchangeItem.objects.select_for_update(of=("self",)).select_related("invoice", "round")
    item = rows.filter(invoice_id=invoice_id, outcome=ExchangeOutcome.TAKEN).first()
    if item is None:
        raise WrongState()
    words = reason.replace("\x00", "").strip()[:500]
    if not words:
        raise ReasonMissing(field="reason")
    batch = Batch()
    batch.update(
        ExchangeItem, where={"id": item.pk, "outcome": "taken"},
        values={"outcome": "withdrawn", "reason": words},
    )  # fmt: skip
    learn_dues(batch=batch, invoices=[item.invoice], exchanged=None)
    record(
        batch=batch, subject_kind="invoice", subject_id=invoice_id, verb="exchange_withdrawn", by=by.pk, at=at,
        company_id=item.invoice.company_id, note=words, data={"round": item.round.number},
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=item.customer_id, company_id=item.invoice.company_id, kind="exchange.withdrawn",
        subject_kind="invoice", subject_id=invoice_id, number=item.invoice.number or "", text=words, actor_id=by.pk,
        at=at,
    )  # fmt: skip
    batch.write()
    item.outcome, item.reason = ExchangeOutcome.WITHDRAWN, words
    return item
