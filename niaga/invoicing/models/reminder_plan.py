from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from niaga.core.fields import AmountField, IdField


class ReminderPlan(models.Model):
    """How customers of a group (without one: all others) are reminded of what they owe, and when they may be."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    group = models.ForeignKey("parties.CustomerGroup", models.PROTECT, null=True, blank=True)
    is_active = models.BooleanField(default=False, help_text="Off: its customers are not reminded.")
    minimum = AmountField(default=0, help_text="Less than this, in the company's own currency, is not reminded.")
    gathers = models.BooleanField(default=True, help_text="One message tells all that reached the same level.")
    send_from = models.TimeField(default=time(9), help_text="In the time zone of the invoice's branch.")
    send_until = models.TimeField(default=time(17))
    on_weekends = models.BooleanField(default=False)
    closed_days = ArrayField(models.DateField(), default=list, blank=True, help_text="Besides public holidays.")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "group"], name="one_reminder_plan_per_group", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(send_from__lt=models.F("send_until")), name="reminder_hours_in_order"),
            models.CheckConstraint(condition=Q(minimum__gte=0), name="reminder_minimum_not_negative"),
        ]


class ReminderLevel(models.Model):
    """A step of a plan: so many days after the due day (below zero: before), with its channels and words."""

    id = IdField()
    plan = models.ForeignKey(ReminderPlan, models.PROTECT, related_name="levels")
    days = models.SmallIntegerField(help_text="After the due day of a part; below zero: before.")
    by_email = models.BooleanField(default=True)
    by_whatsapp = models.BooleanField(default=False)
    by_call = models.BooleanField(default=False, help_text="Somebody is to call: it goes on the call list.")
    whatsapp_template = models.CharField(max_length=120, default="", blank=True)
    words = models.JSONField(default=dict, help_text="Language -> subject and text of the mail.")
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "days"], name="one_reminder_level_per_day", condition=Q(archived_at=None)
            )
        ]
