from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.invoicing.errors import BadReminderPlan, PlanTaken
from niaga.invoicing.models import ReminderLevel, ReminderPlan
from niaga.invoicing.rules.reminder_levels import Fault, faults_of
from niaga.invoicing.rules.usual_levels import LevelInput
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.groups import group_belongs

MOST_CLOSED_DAYS = 200


@dataclass(frozen=True, slots=True)
class PlanInput:
    """A plan as it is wanted; see `ReminderPlan`."""

    group_id: UUID | None = None
    is_active: bool = False
    minimum: Decimal = Decimal(0)
    gathers: bool = True
    send_from: time = time(9)
    send_until: time = time(17)
    on_weekends: bool = False
    closed_days: Collection[date] = field(default_factory=tuple)
    levels: Sequence[LevelInput] = ()


@transaction.atomic
def save_reminder_plan(
    *, company_id: UUID, plan: PlanInput, by: Actor, at: datetime, plan_id: UUID | None = None
) -> UUID:
    """Write the plan of a customer group, or without one of all who have no plan of their own. Returns its id.

    A level keeps who passed it as long as it is named by its id; one that is not named is put away.

    :raises Forbidden: `by` may not decide on customers' credit
    :raises NotFound: no such plan, level or group
    :raises PlanTaken: the group has another plan
    :raises BadReminderPlan: levels that cannot be followed
    :raises Invalid: the hours are not in order, or an amount cannot be
    """
    access_of(by).require("customer", "credit", company_id=company_id)
    plan = replace(
        plan, levels=[_clean(level) for level in plan.levels],
        send_from=plan.send_from.replace(tzinfo=None), send_until=plan.send_until.replace(tzinfo=None),
    )  # fmt: skip
    if plan.send_from >= plan.send_until:
        raise Invalid(_("It ends before it begins."), field="send_until")
    if len(plan.closed_days) > MOST_CLOSED_DAYS:
        raise Invalid(_("At most 200 days."), field="closed_days")
    findings = Findings()
    values: dict[str, Any] = check_values(ReminderPlan, {"minimum": plan.minimum}, findings=findings)
    findings.raise_if_any()
    if values["minimum"] < 0:
        raise Invalid(_("An amount is not negative."), field="minimum")
    _check_levels(plan.levels)
    if plan.group_id is not None and not group_belongs(company_id=company_id, group_id=plan.group_id):
        raise NotFound(field="group")
    values |= {
        "group_id": plan.group_id, "is_active": plan.is_active, "gathers": plan.gathers, "send_from": plan.send_from,
        "send_until": plan.send_until, "on_weekends": plan.on_weekends,
        "closed_days": sorted(set(plan.closed_days)), "updated_at": at,
    }  # fmt: skip
    held: dict[UUID, ReminderLevel] = {}
    if plan_id is not None:
        rows = ReminderPlan.objects.select_for_update(no_key=True)
        if rows.filter(pk=plan_id, company_id=company_id).first() is None:
            raise NotFound()
        held = {level.pk: level for level in ReminderLevel.objects.filter(plan_id=plan_id, archived_at=None)}
    if {level.id for level in plan.levels if level.id} - set(held):
        raise NotFound(field="levels")
    key = plan_id or new_id()
    kept: set[UUID | None] = {level.id for level in plan.levels if level.id and held[level.id].days == level.days}
    ReminderLevel.objects.filter(pk__in=set(held) - kept).update(archived_at=at)  # first: another may take its day
    batch = Batch()
    if plan_id is None:
        batch.insert(ReminderPlan, [{"id": key, **values}], company_id=company_id)
    else:
        batch.update(ReminderPlan, where={"id": key}, values=values)
    _write_levels(batch, key, plan.levels, kept)
    record(
        batch=batch, subject_kind="reminder_plan", subject_id=key, verb="save", by=by.pk, at=at, company_id=company_id,
        data={"is_active": plan.is_active, "days": [level.days for level in plan.levels]},
    )  # fmt: skip
    try:
        with transaction.atomic():
            batch.write()
    except IntegrityError as error:
        raise PlanTaken(field="group") from error
    return key


def _clean(level: LevelInput) -> LevelInput:
    """Without what the database cannot keep, and with nothing but subjects and texts."""
    words = {
        language: {name: said.get(name, "").replace("\x00", "").strip() for name in ("subject", "text")}
        for language, said in level.words.items()
    }
    return replace(level, words=words, whatsapp_template=level.whatsapp_template.replace("\x00", "").strip())


def _check_levels(levels: Sequence[LevelInput]) -> None:
    faults = faults_of(levels)
    if faults:
        raise BadReminderPlan(
            lines=[
                {"line": fault.place, "field": fault.field, "code": fault.code, "message": _words(fault)}
                for fault in faults
            ]
        )


def _words(fault: Fault) -> str:
    told = {
        "no_level": _("A plan has at least one level."),
        "too_many": _("A plan has at most 12 levels."),
        "days": _("From 60 days before to 365 days after the due day."),
        "twice": _("Another level has the same day."),
        "no_channel": _("Choose at least one way to tell the customer."),
        "no_words": _("A mail needs a subject and a text in Indonesian."),
        "too_long": _("This is too long."),
        "half": _("Write both subject and text, or neither."),
        "template": _("Choose the WhatsApp template."),
        "unknown": _("%(name)s stands for nothing here.") % {"name": fault.shown},
    }
    return told[fault.code]


def _write_levels(batch: Batch, plan_id: UUID, levels: Sequence[LevelInput], kept: set[UUID | None]) -> None:
    """A level whose day is another is written anew: who passed it keeps the day that it had."""
    columns = ("days", "by_email", "by_whatsapp", "by_call", "whatsapp_template", "words")
    batch.insert(
        ReminderLevel,
        [{"id": new_id(), **{name: getattr(level, name) for name in columns}}
         for level in levels if level.id not in kept],
        plan_id=plan_id, archived_at=None,
    )  # fmt: skip
    batch.update_each(
        ReminderLevel,
        [{"id": level.id, **{name: getattr(level, name) for name in columns[1:]}}
         for level in levels if level.id in kept],
        values={name: f"v.{name}" for name in columns[1:]},
    )  # fmt: skip
