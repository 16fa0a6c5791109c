from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, IdField


class JournalExport(AppendOnly):
    """The journal of some days, handed to an accountant: how much it held, so that a file of it can be trusted."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    since = models.DateField()
    until = models.DateField()
    lines = models.IntegerField()
    debit = AmountField(help_text="The sum of its debits, which is that of its credits.")
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["company", "-created_at"], name="journal_exports")]
