from django.db import models

from niaga.core.fields import AmountField, IdField


class AffixedStamp(models.Model):
    """The e-meterai on a document: its serial number, from who put it on. What stood here before is in the history."""

    id = IdField()
    company_id = models.UUIDField()
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(unique=True)
    serial = models.CharField(max_length=40)
    duty = AmountField(help_text="In the company's own currency.")
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company_id", "serial"], name="one_document_per_stamp")]
