from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record_changes
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound, WrongState
from niaga.core.flow import move
from niaga.core.inputs import Findings, check_values
from niaga.core.outbox import announce
from niaga.documents.rules.file_kinds import MOST_BYTES
from niaga.documents.services.attach_file import attach_file
from niaga.documents.services.store_file import Readable
from niaga.invoicing.errors import DayIsPast, DecidedAlready, ReasonMissing, ReceiptMissing
from niaga.invoicing.events import InvoiceExchanged
from niaga.invoicing.models import ExchangeItem, ExchangeOutcome, ExchangeRound, InvoiceBalance
from niaga.invoicing.queries.exchange_rules import exchange_days_of
from niaga.invoicing.rules.exchange_days import next_exchange_day
from niaga.invoicing.rules.exchange_flow import exchange_flow
from niaga.invoicing.services.learn_dues import learn_dues
from niaga.invoicing.services.lock_exchange_round import lock_exchange_round
from niaga.invoicing.services.promise_payment import promise_payment
from niaga.organization.access import Actor
from niaga.organization.queries.company_basics import company_basics
from niaga.parties.services.write_timeline import write_timeline

_OUTCOMES = (ExchangeOutcome.TAKEN, ExchangeOutcome.REFUSED, ExchangeOutcome.MISSED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it at a customer. Taken: the receipt's number, who took them in or a photo; `day` is the round's own
    unless said otherwise, `promised` the day of payment. Refused: the reason. Missed: `next_date`, by the customer's
    days when none is said."""

    outcome: str
    receipt_number: str = ""
    received_by_name: str = ""
    day: date | None = None
    promised: date | None = None
    reason: str = ""
    next_date: date | None = None
    photo: tuple[str, Readable | bytes] | None = None


@transaction.atomic
def record_exchange(
    *, round_id: UUID, invoice_ids: Sequence[UUID], outcome: Outcome, by: Actor, at: datetime
) -> ExchangeRound:
    """Note what came of invoices of one customer on a round, for good; the last one ends the round.

    What was taken in and whose term counts from the exchange is due from that day on; a promised day is a promise to
    pay. The photo is a file of each invoice.

    :raises NotFound: no such round, or an invoice is not on it
    :raises Forbidden: the person may not write to these customers
    :raises WrongState: the round is done or cancelled
    :raises DecidedAlready: what came of one was noted before
    :raises ReceiptMissing, ReasonMissing, DayIsPast, Invalid: see `Outcome`
    """
    found = lock_exchange_round(round_id=round_id, by=by)
    items = {one.invoice_id: one for one in found.items.select_related("invoice")}
    chosen = [items.get(key) for key in dict.fromkeys(invoice_ids)]
    mine = [one for one in chosen if one is not None]
    if not mine or len(mine) < len(chosen) or len({one.customer_id for one in mine}) > 1:
        raise NotFound(field="invoice_ids")
    if any(one.outcome not in (ExchangeOutcome.WAITING, ExchangeOutcome.LEFT) for one in mine):
        raise DecidedAlready(field="invoice_ids")
    if found.status != "planned":
        raise WrongState()
    here = day_at(at=at, zone=company_basics(found.company_id).zone)
    values = _checked(found, mine, outcome, here)
    batch = Batch()
    batch.update_each(
        ExchangeItem, [{"id": one.id, **values, "decided_by": by.pk, "decided_at": at} for one in mine],
        values={name: f"v.{name}" for name in (*values, "decided_by", "decided_at")}, refusal=DecidedAlready,
    )  # fmt: skip
    is_taken = outcome.outcome == ExchangeOutcome.TAKEN
    if is_taken:
        learn_dues(batch=batch, invoices=[one.invoice for one in mine], exchanged=values["exchanged_date"])
    record_changes(
        batch=batch, subject_kind="invoice", verb=f"exchange_{outcome.outcome}", by=by.pk, at=at,
        company_id=found.company_id, note=values["receipt_number"] if is_taken else values["reason"],
        changes=[(one.invoice_id, {"round": found.number}) for one in mine],
    )  # fmt: skip
    first = mine[0]
    write_timeline(
        batch=batch, customer_id=first.customer_id, company_id=found.company_id, kind=f"exchange.{outcome.outcome}",
        subject_kind="invoice", subject_id=first.invoice_id, number=first.invoice.number or "",
        text=values["receipt_number"] or values["reason"], actor_id=by.pk, at=at,
    )  # fmt: skip
    announce(
        batch=batch,
        event=[InvoiceExchanged(one.invoice_id, one.customer_id, outcome.outcome) for one in mine],
        company_id=found.company_id, by=by.pk, at=at,
    )  # fmt: skip
    if all(
        one.outcome != ExchangeOutcome.WAITING for key, one in items.items() if key not in {m.invoice_id for m in mine}
    ):
        move(batch=batch, flow=exchange_flow, document=found, move="finish", by=by.pk, at=at, values={"ended_at": at})
    batch.write()
    if is_taken:
        _beside(mine, outcome, by, at)
    return found


def _checked(found: ExchangeRound, mine: Sequence[ExchangeItem], said: Outcome, here: date) -> dict[str, Any]:
    """The columns of the outcome.

    :raises ReceiptMissing, ReasonMissing, DayIsPast, Invalid: see `Outcome`
    """
    if said.outcome not in _OUTCOMES:
        raise Invalid(_("Say what came of it."), field="outcome")
    findings = Findings()
    texts = check_values(
        ExchangeItem, {name: getattr(said, name) for name in ("receipt_number", "received_by_name", "reason")},
        findings=findings,
    )  # fmt: skip
    findings.raise_if_any()
    values: dict[str, Any] = {
        "outcome": said.outcome, "receipt_number": "", "received_by_name": "", "exchanged_date": None,
        "promised_date": None, "next_date": None, "reason": str(texts["reason"])[:2000],
    }  # fmt: skip
    if said.outcome == ExchangeOutcome.TAKEN:
        if not (texts["receipt_number"] or texts["received_by_name"] or said.photo):
            raise ReceiptMissing(field="receipt_number")
        day = said.day or min(found.date, here)
        if day > here or any(one.invoice.date is not None and day < one.invoice.date for one in mine):
            raise Invalid(_("The day lies between the invoice's date and today."), field="day")
        if said.promised is not None and said.promised < here:
            raise DayIsPast(field="promised")
        values |= {**texts, "reason": "", "exchanged_date": day, "promised_date": said.promised}
    elif said.outcome == ExchangeOutcome.REFUSED:
        if not values["reason"]:
            raise ReasonMissing(field="reason")
    else:
        if said.next_date is not None and said.next_date < here:
            raise DayIsPast(field="next_date")
        days = exchange_days_of(customer_id=mine[0].customer_id, company_id=found.company_id)
        values["next_date"] = said.next_date or next_exchange_day(max(found.date, here), days)
    return values


def _beside(mine: Sequence[ExchangeItem], said: Outcome, by: Actor, at: datetime) -> None:
    """The promise to pay what is still open, and the photo."""
    ids = [one.invoice_id for one in mine]
    if said.promised is not None:
        rows = InvoiceBalance.objects.filter(invoice_id__in=ids, settled_at=None).exclude(kind="credit_note")
        if owed := list(rows.values_list("invoice_id", flat=True)):
            promise_payment(
                invoice_ids=owed, until=said.promised, promised_by_name=said.received_by_name[:120],
                note=said.receipt_number, by=by, at=at,
            )  # fmt: skip
    if said.photo is not None:
        name, content = said.photo
        if not isinstance(content, bytes):
            content = content.read(MOST_BYTES + 1)
        for key in ids:
            attach_file(
                subject_kind="invoice", subject_id=key, name=name, content=content, by=by, at=at, purpose="photo"
            )
