from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import IdField
from niaga.invoicing.models.invoice import Invoice


class TaxPath(models.TextChoices):
    """What putting an invoice right means for its tax invoice, by what had been filed of it."""

    NONE = "none"
    """It bears no tax, or was left out by hand."""
    NOT_FILED = "not_filed"
    """The tax office never had it: it is left out, and the new one is filed."""
    REPLACE = "replace"
    """The new one is filed as the replacement of its serial number."""
    CANCEL = "cancel"
    """The buyer is another: its serial number is cancelled in Coretax, and the new one filed for itself."""


class Correction(AppendOnly):
    """An invoice that was put right in one step: credited whole by one note, and claimed anew by another invoice."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="correction")
    credit_note = models.OneToOneField(Invoice, models.PROTECT, related_name="correction_note")
    replacement = models.OneToOneField(Invoice, models.PROTECT, related_name="correction_of")
    reason = models.TextField()
    tax_path = models.CharField(max_length=12, choices=TaxPath.choices)
    mail_to = models.JSONField(default=list, help_text="Who gets both papers in one mail; empty: nobody.")
    message = models.TextField(default="", blank=True)
    date = models.DateField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(invoice=models.F("replacement"))
                & ~models.Q(invoice=models.F("credit_note"))
                & ~models.Q(credit_note=models.F("replacement")),
                name="a_correction_is_of_three",
            )
        ]


class CorrectionMail(AppendOnly):
    """The one mail that told the customer: a correction is told once."""

    id = IdField()
    correction = models.OneToOneField(Correction, models.PROTECT, related_name="mail")
    email_id = models.UUIDField()
    at = models.DateTimeField()
