from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound, WrongState
from niaga.invoicing.errors import ReasonMissing
from niaga.invoicing.models import ExchangeItem, ExchangeOutcome
from niaga.invoicing.services.learn_dues import learn_dues
from niaga.organization.access import Actor, access_of
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
    rows = ExchangeItem.objects.select_for_update(of=("self",)).select_related("invoice", "round")
    item = rows.filter(invoice_id=invoice_id).order_by("-decided_at", "-id").first()
    access = access_of(by)
    if item is None or not access.reaches("invoice", "view", item.invoice):
        raise NotFound()
    access.require("invoice", "send", item.invoice)
    if item.outcome != ExchangeOutcome.TAKEN:
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
