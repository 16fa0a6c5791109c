from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField
from niaga.ledger.models.account import Account


class JournalEntry(AppendOnly):
    """One balanced posting of one source document."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    branch_id = models.UUIDField(null=True)
    date = models.DateField()
    source_kind = models.CharField(max_length=40)
    source_id = models.UUIDField()
    number = models.CharField(max_length=40, default="", help_text="The source document's.")
    currency = CurrencyField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    posted_by = models.UUIDField(null=True)
    posted_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [
            models.Index(fields=["company", "date"], name="journal_date"),
            models.Index(fields=["source_id"], name="journal_source"),
        ]


class JournalLine(AppendOnly):
    """Debit is positive, credit negative; an entry's lines add up to zero."""

    id = IdField()
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, models.PROTECT)
    customer_id = models.UUIDField(null=True)
    amount = AmountField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["account", "entry"], name="journal_line_account")]
