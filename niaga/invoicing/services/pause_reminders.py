from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today
from niaga.core.errors import WrongState
from niaga.core.ids import new_id
from niaga.invoicing.errors import DayIsPast, ReasonMissing
from niaga.invoicing.models import ReminderPause
from niaga.organization.access import Actor
from niaga.organization.queries.company_basics import company_basics
from niaga.parties.queries.customers import lock_customer
from niaga.parties.services.write_timeline import write_timeline


@transaction.atomic
def pause_reminders(*, customer_id: UUID, reason: str, until: date | None = None, by: Actor, at: datetime) -> None:
    """Remind a customer of nothing through a day, or until somebody ends the pause. A pause that holds already is
    ended by the new one.

    :raises NotFound: no such customer
    :raises Forbidden: not `by`'s to change
    :raises ReasonMissing: no reason
    :raises DayIsPast: the day is over
    """
    customer = lock_customer(by, customer_id, "change")
    words = reason.replace("\x00", "").strip()[:500]
    if not words:
        raise ReasonMissing(field="reason")
    if until is not None and until < today(at=at, zone=company_basics(customer.company_id).zone):
        raise DayIsPast(field="until")
    ReminderPause.objects.filter(customer_id=customer_id, ended_at=None).update(ended_at=at, ended_by=by.pk)
    batch = Batch()
    batch.insert(
        ReminderPause,
        [{"id": new_id(), "company_id": customer.company_id, "customer_id": customer_id, "until_date": until,
          "reason": words, "by": by.pk, "at": at}],
    )  # fmt: skip
    _tell(batch, customer, "pause", words, by, at)
    batch.write()


@transaction.atomic
def resume_reminders(*, customer_id: UUID, by: Actor, at: datetime) -> None:
    """End the pause of a customer.

    :raises NotFound: no such customer
    :raises Forbidden: not `by`'s to change
    :raises WrongState: there is no pause
    """
    customer = lock_customer(by, customer_id, "change")
    if not ReminderPause.objects.filter(customer_id=customer_id, ended_at=None).update(ended_at=at, ended_by=by.pk):
        raise WrongState()
    batch = Batch()
    _tell(batch, customer, "resume", "", by, at)
    batch.write()


def _tell(batch: Batch, customer: Any, verb: str, words: str, by: Actor, at: datetime) -> None:
    pk, company_id = customer.pk, customer.company_id
    record(
        batch=batch, subject_kind="customer", subject_id=pk, verb=f"{verb}_reminders", by=by.pk, at=at,
        company_id=company_id, note=words,
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=pk, company_id=company_id, kind=f"reminder.{verb}d", text=words, actor_id=by.pk,
        at=at,
    )  # fmt: skip
