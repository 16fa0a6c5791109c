from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField


class TimelineEntry(AppendOnly):
    """One event in a customer's story; every app writes down to it."""

    id = IdField()
    customer_id = models.UUIDField()
    company_id = models.UUIDField()
    kind = models.CharField(max_length=40, help_text="`quotation.sent`, `invoice.issued`, `note` …")
    subject_kind = models.CharField(max_length=40, default="")
    subject_id = models.UUIDField(null=True)
    number = models.CharField(max_length=40, default="")
    text = models.TextField(default="")
    amount = AmountField(null=True)
    currency = CurrencyField(default="")
    actor_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [
            models.Index(fields=["customer_id", "-at"], name="timeline_customer"),
            models.Index(fields=["subject_id"], name="timeline_subject"),
        ]
