from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField
from niaga.invoicing.models.invoice import Invoice, InvoiceDue
from niaga.invoicing.models.reminder_plan import ReminderLevel


class Reminder(AppendOnly):
    """What a customer was told at one level in one run: a mail, a WhatsApp message, or that somebody is to call."""

    id = IdField()
    company_id = models.UUIDField()
    customer_id = models.UUIDField()
    level = models.ForeignKey(ReminderLevel, models.PROTECT, db_index=False)
    email_id = models.UUIDField(null=True)
    whatsapp_id = models.UUIDField(null=True)
    call = models.BooleanField(help_text="Somebody is to call: the level says so, or no message can reach them.")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["customer_id", "-at"], name="reminder_customer")]


class Mark(models.TextChoices):
    TOLD = "told"
    CALL = "call"
    SKIPPED = "skipped"


class ReminderMark(AppendOnly):
    """That a part of an invoice has passed a level: once for good, so that no level is ever told twice.

    `told`: by a message; `call`: only by the call list; `skipped`: a later level was reached before it could be told.
    """

    id = IdField()
    company_id = models.UUIDField()
    due = models.ForeignKey(InvoiceDue, models.PROTECT, db_index=False, related_name="reminder_marks")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="reminder_marks")
    customer_id = models.UUIDField()
    level = models.ForeignKey(ReminderLevel, models.PROTECT, db_index=False)
    days = models.SmallIntegerField(help_text="Of the level, as it was.")
    outcome = models.CharField(max_length=8, choices=Mark.choices)
    reminder = models.ForeignKey(Reminder, models.PROTECT, null=True, related_name="marks")
    open = AmountField(help_text="Of the part, when it passed the level.")
    currency = CurrencyField()
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(fields=["due", "level"], name="one_reminder_per_level"),
            models.UniqueConstraint(fields=["due", "days"], name="one_reminder_per_level_day"),
            models.CheckConstraint(
                condition=models.Q(outcome="skipped") ^ models.Q(reminder__isnull=False), name="told_by_a_reminder"
            ),
        ]
        indexes = [models.Index(fields=["company_id", "-at"], name="reminder_mark_recent")]
