from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today
from niaga.core.errors import Invalid
from niaga.core.ids import new_id
from niaga.invoicing.errors import DayIsPast
from niaga.invoicing.models import CallOutcome, CollectionCall
from niaga.invoicing.queries.call_list import overdue_claims
from niaga.invoicing.services.promise_payment import promise_payment
from niaga.invoicing.services.raise_dispute import raise_dispute
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.parties.queries.customers import customer_for
from niaga.parties.services.write_timeline import write_timeline


@transaction.atomic
def log_call(
    *,
    customer_id: UUID,
    company_id: UUID,
    outcome: str,
    note: str = "",
    next_call: date | None = None,
    until: date | None = None,
    amount: Decimal | None = None,
    invoice_ids: Sequence[UUID] = (),
    by: Actor,
    at: datetime,
) -> UUID:
    """Note a call about what a customer owes and what came of it. Returns its id.

    Promised: they will pay by `until`, `amount` or all, of the invoices named, else of all that are overdue in one
    currency. Disputed: `invoice_ids` names the one, `note` says why. Otherwise `next_call` is the day to try again;
    of a call without an answer the next day.

    :raises NotFound: no such customer, or none that the person may know of
    :raises Forbidden: the person may not write to this customer about invoices
    :raises Invalid: no such outcome, no day, or not one invoice that is disputed
    :raises DayIsPast: the next call is in the past
    :raises Refusal: those of `promise_payment` and `raise_dispute`
    """
    access = access_of(by)
    access.require("invoice", "send", company_id=company_id)
    access.require("invoice", "send", customer_for(by, customer_id))
    if outcome not in CallOutcome.values:
        raise Invalid(_("This is not one of the choices."), field="outcome")
    here = today(at=at, zone=company_basics(company_id).zone)
    if next_call is not None and next_call < here:
        raise DayIsPast(field="next_call")
    words = note.replace("\x00", "").strip()[:2000]
    if outcome == CallOutcome.PROMISED:
        if until is None:
            raise Invalid(_("Say by which day they will pay."), field="until")
        claims = [one for one in overdue_claims(customer_id=customer_id, by=by, at=at) if one.disputed is None]
        named = list(invoice_ids) or [one.invoice_id for one in claims if one.currency == claims[0].currency]
        promise_payment(invoice_ids=named, until=until, amount=amount, note=words, by=by, at=at)
        next_call = None
    elif outcome == CallOutcome.DISPUTED:
        if len(invoice_ids) != 1:
            raise Invalid(_("Choose the one invoice that is disputed."), field="invoice_ids")
        raise_dispute(invoice_id=invoice_ids[0], reason=words, amount=amount, by=by, at=at)
    elif outcome == CallOutcome.NO_ANSWER and next_call is None:
        next_call = here + timedelta(days=1)
    key = new_id()
    batch = Batch()
    batch.insert(
        CollectionCall,
        [{"id": key, "company_id": company_id, "customer_id": customer_id, "outcome": outcome, "note": words,
          "next_call_date": next_call, "by": by.pk, "at": at}],
    )  # fmt: skip
    record(
        batch=batch, subject_kind="customer", subject_id=customer_id, verb="call", by=by.pk, at=at,
        company_id=company_id, note=words, data={"outcome": outcome},
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=customer_id, company_id=company_id, kind=f"call.{outcome}", text=words,
        actor_id=by.pk, at=at,
    )  # fmt: skip
    batch.write()
    return key
