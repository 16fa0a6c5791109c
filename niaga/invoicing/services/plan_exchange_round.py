from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record, record_changes
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.invoicing.errors import ExchangedAlready, InAnotherRound
from niaga.invoicing.models import ExchangeItem, ExchangeRound
from niaga.invoicing.services.lock_claim import lock_claims
from niaga.organization.access import Actor
from niaga.organization.queries.company_basics import company_basics
from niaga.organization.queries.users import works_in

MOST = 500
EARLIEST_DAYS, LATEST_DAYS = 31, 180


@transaction.atomic
def plan_exchange_round(
    *, date: date, collector_id: UUID, invoice_ids: Sequence[UUID], note: str = "", by: Actor, at: datetime
) -> ExchangeRound:
    """Plan the way on which a collector exchanges invoices for the customers' receipts on a day. An invoice stands on
    one round at a time, and on none once it was taken in.

    :raises NotFound: no such invoice, none that the person may see, or they are of several companies
    :raises Forbidden: the person may not write to a customer about it
    :raises NothingOpen: one is paid, or is no claim
    :raises InAnotherRound: one waits on another round
    :raises ExchangedAlready: one was taken in
    :raises Invalid: too many, no such collector, or a day that is out of reach
    """
    wanted = list(dict.fromkeys(invoice_ids))
    if not 1 <= len(wanted) <= MOST:
        raise Invalid(_("Choose 1 to 500 invoices."), field="invoice_ids")
    found = {claim.invoice_id: claim for claim in lock_claims(invoice_ids=wanted, by=by)}
    claims = [found[key] for key in wanted]
    company_id = claims[0].company_id
    if len({claim.company_id for claim in claims}) > 1:
        raise NotFound(field="invoice_ids")
    here = day_at(at=at, zone=company_basics(company_id).zone)
    if not -EARLIEST_DAYS <= (date - here).days <= LATEST_DAYS:
        raise Invalid(_("Choose a day from a month ago to half a year ahead."), field="date")
    if not works_in(company_id, collector_id):
        raise Invalid(_("Choose somebody who works here."), field="collector_id")
    standing = ExchangeItem.objects.filter(invoice_id__in=wanted, outcome__in=("waiting", "taken"))
    for item in standing.select_related("round", "invoice")[:1]:
        refusal = InAnotherRound if item.outcome == "waiting" else ExchangedAlready
        named = _("%(invoice)s stands on %(round)s.") % {"invoice": item.invoice.number, "round": item.round.number}
        raise refusal(f"{refusal.text} {named}", field="invoice_ids")
    key = new_id()
    words = note.replace("\x00", "").strip()[:2000]
    values = {"company_id": company_id, "date": date, "collector_id": collector_id, "note": words,
              "created_by": by.pk, "created_at": at, "updated_at": at}  # fmt: skip
    batch = Batch()
    record(
        batch=batch, subject_kind="exchange_round", subject_id=key, verb="plan", by=by.pk, at=at,
        company_id=company_id, to_status="planned", data={"date": date.isoformat(), "invoices": len(claims)},
    )  # fmt: skip
    record_changes(
        batch=batch, subject_kind="invoice", verb="exchange_plan", by=by.pk, at=at, company_id=company_id,
        changes=[(claim.invoice_id, {"date": date.isoformat()}) for claim in claims],
    )  # fmt: skip
    batch.insert(
        ExchangeItem,
        [
            {"id": new_id(), "invoice_id": claim.invoice_id, "customer_id": claim.customer_id, "position": place}
            for place, claim in enumerate(claims, 1)
        ],
        round_id=key,
    )
    number = batch.draw(company_id=company_id, kind="exchange_round", period=str(here.year), prefix=f"TTF-{here.year}-")
    batch.insert(ExchangeRound, [{"id": key, "number": number, **values}])
    try:
        with transaction.atomic():
            written = batch.write()
    except IntegrityError as error:
        raise InAnotherRound(field="invoice_ids") from error
    return ExchangeRound(id=key, number=written[number], **values)
