from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record_changes
from niaga.core.batch import Batch
from niaga.core.clock import today
from niaga.core.errors import Invalid
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.core.outbox import announce
from niaga.invoicing.errors import DayIsPast, MoreThanOpen, OtherCustomers
from niaga.invoicing.events import PaymentPromised
from niaga.invoicing.models import PaymentPromise, PromisedInvoice
from niaga.invoicing.services.lock_claim import lock_claims
from niaga.organization.access import Actor
from niaga.organization.queries.branches import branch_facts
from niaga.parties.services.write_timeline import write_timeline

LATEST_DAYS = 180
MOST_INVOICES = 500


@transaction.atomic
def promise_payment(
    *,
    invoice_ids: Sequence[UUID],
    until: date,
    amount: Decimal | None = None,
    promised_by_name: str = "",
    note: str = "",
    by: Actor,
    at: datetime,
) -> UUID:
    """Note that the customer will pay these invoices, or `amount` of them, by a day: until it is over nobody reminds of
    them; when it is over and something is open, the next level is due at once. Returns the promise's id. A later
    promise takes the place of an earlier one. The customer's own pages call it as the system.

    :raises NotFound: no such invoice, or none that the person may see
    :raises Forbidden: the person may not write to the customer about it
    :raises NothingOpen: one is paid, or is no claim
    :raises OtherCustomers: they are of several customers or currencies
    :raises DayIsPast: the day is over where the invoice's branch is
    :raises MoreThanOpen: more is promised than is open
    :raises Invalid: the day is too far, or an amount or text cannot be
    """
    if len(invoice_ids) > MOST_INVOICES:
        raise Invalid(_("At most 500 invoices."), field="invoice_ids")
    claims = lock_claims(invoice_ids=list(dict.fromkeys(invoice_ids)), by=by)
    first = claims[0]
    if len({(claim.customer_id, claim.currency) for claim in claims}) > 1:
        raise OtherCustomers(field="invoice_ids")
    here = today(at=at, zone=branch_facts(first.invoice.branch_id).zone)
    if until < here:
        raise DayIsPast(field="until")
    if until > here + timedelta(days=LATEST_DAYS):
        raise Invalid(_("At most 180 days from now."), field="until")
    findings = Findings()
    values = check_values(
        PaymentPromise,
        {"amount": amount or Decimal(0), "promised_by_name": promised_by_name, "note": note[:2000]},
        findings=findings,
    )
    findings.raise_if_any()
    if amount is not None and not 0 < amount <= sum(claim.total - claim.allocated for claim in claims):
        raise MoreThanOpen(field="amount")
    key = new_id()
    batch = Batch()
    batch.insert(
        PaymentPromise,
        [{**values, "id": key, "company_id": first.company_id, "customer_id": first.customer_id, "amount": amount,
          "currency": first.currency, "until_date": until, "by": by.pk, "at": at}],
    )  # fmt: skip
    batch.insert(
        PromisedInvoice, [{"id": new_id(), "invoice_id": claim.invoice_id} for claim in claims], promise_id=key
    )
    record_changes(
        batch=batch, subject_kind="invoice", verb="promise", by=by.pk, at=at, company_id=first.company_id,
        changes=[(claim.invoice_id, {"until": until.isoformat()}) for claim in claims],
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=first.customer_id, company_id=first.company_id, kind="payment.promised",
        subject_kind="invoice", subject_id=first.invoice_id, number=first.invoice.number or "", amount=amount,
        currency=first.currency if amount else "", text=values["note"], actor_id=by.pk, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=PaymentPromised(key, first.customer_id, until), company_id=first.company_id, by=by.pk, at=at
    )  # fmt: skip
    batch.write()
    return key
