from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import connection, transaction

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.invoicing.events import ReminderSent
from niaga.invoicing.models import Mark, Reminder, ReminderLevel, ReminderMark, ReminderPlan
from niaga.invoicing.queries.due_reminders import DueReminder, due_reminders, open_places
from niaga.invoicing.services.write_reminders import Told, write_reminders
from niaga.parties.services.write_timelines import write_timelines

AT_ONCE = 2000
"""Parts of invoices that one transaction takes: some megabytes of memory."""


@transaction.atomic
def send_reminders(*, company_id: UUID, at: datetime, at_once: int = AT_ONCE) -> int:
    """Remind the next customers of a company of what has reached a level; returns how many parts passed one, 0: none
    is left. Call it until then.

    A part passes a level once, by a row that the database has once: whoever dies or comes twice tells nobody twice.
    Of several levels that were reached meanwhile the last is told, the others are noted as skipped. Mails and
    messages are queued by the same statement; at the wrong hour nobody is reminded.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('reminders:' || %s, 0))", [str(company_id)])
    places = open_places(company_id=company_id, at=at)
    if not places:
        return 0
    due = due_reminders(company_id=company_id, places=places, most=at_once)
    if not due:
        return 0
    plans = {plan.pk: plan for plan in ReminderPlan.objects.filter(pk__in={one.plan_id for one in due})}
    levels = {
        level.pk: level for level in ReminderLevel.objects.filter(plan_id__in=list(plans), archived_at=None)
    }  # fmt: skip
    groups = _gathered(due, plans)
    batch = Batch()
    told = write_reminders(batch=batch, company_id=company_id, groups=groups, levels=levels, at=at)
    batch.insert(Reminder, [one.row for one in told], company_id=company_id, at=at)
    batch.insert(ReminderMark, [*_marks(told), *_skipped(due, levels.values())], company_id=company_id, at=at)
    write_timelines(
        batch=batch, company_id=company_id, kind="reminder.sent", subject_kind="reminder",
        rows=[{"customer_id": one.row["customer_id"], "subject_id": one.row["id"], "text": one.numbers}
              for one in told],
        actor_id=None, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=[ReminderSent(one.row["id"], one.row["customer_id"], one.level_days) for one in told],
        company_id=company_id, by=None, at=at,
    )  # fmt: skip
    batch.write()
    return len(due)


def _gathered(due: Sequence[DueReminder], plans: dict[UUID, ReminderPlan]) -> list[list[DueReminder]]:
    """Parts that one message tells: of a customer and level, and of one invoice where the plan does not gather."""

    def key(one: DueReminder) -> tuple[str, str, str]:
        return str(one.customer_id), str(one.level_id), "" if plans[one.plan_id].gathers else str(one.invoice_id)

    ordered = sorted(due, key=lambda one: (*key(one), one.due_date, one.number))
    return [list(parts) for _key, parts in groupby(ordered, key)]


def _marks(told: Sequence[Told]) -> list[dict[str, object]]:
    return [
        {
            "due_id": part.due_id, "invoice_id": part.invoice_id, "customer_id": part.customer_id,
            "level_id": part.level_id, "days": part.level_days, "reminder_id": one.row["id"], "open": part.open,
            "currency": part.currency, "outcome": Mark.TOLD if one.has_message else Mark.CALL, "id": new_id(),
        }
        for one in told
        for part in one.parts
    ]  # fmt: skip


def _skipped(due: Sequence[DueReminder], levels: Iterable[ReminderLevel]) -> list[dict[str, object]]:
    """Levels between the last that a part passed and the one that is told now."""
    by_plan: dict[UUID, list[ReminderLevel]] = {}
    for level in levels:
        by_plan.setdefault(level.plan_id, []).append(level)
    return [
        {
            "due_id": part.due_id, "invoice_id": part.invoice_id, "customer_id": part.customer_id,
            "level_id": level.pk, "days": level.days, "reminder_id": None, "open": part.open,
            "currency": part.currency, "outcome": Mark.SKIPPED, "id": new_id(),
        }
        for part in due
        for level in by_plan[part.plan_id]
        if level.days < part.level_days and (part.marked is None or level.days > part.marked)
    ]  # fmt: skip
