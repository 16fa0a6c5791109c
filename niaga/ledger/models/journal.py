import pgtrigger
from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField
from niaga.ledger.models.account import Account

BOOKS_LOCK = "hashtextextended('books ' || {}::text, 0)"
"""The advisory lock of a company's books, as SQL: shared by postings, alone by who closes a month."""

# The posting statement looks at the month first; this look, after it, sees what was closed while it waited.
_MONTH_IS_OPEN = f"""
    PERFORM pg_advisory_xact_lock_shared({BOOKS_LOCK.format("NEW.company_id")});
    IF EXISTS (SELECT 1 FROM ledger_fiscalperiod p WHERE p.company_id = NEW.company_id
                 AND NEW.date BETWEEN p.starts AND p.ends AND p.closed_at IS NOT NULL) THEN
      RAISE EXCEPTION 'the books of % are closed', NEW.date USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


class JournalEntry(AppendOnly):
    """One balanced posting of one source document."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    branch_id = models.UUIDField(null=True)
    date = models.DateField()
    source_kind = models.CharField(max_length=40)
    source_id = models.UUIDField()
    number = models.CharField(max_length=40, default="", help_text="The source document's.")
    currency = CurrencyField(help_text="The company's own: the books are in it.")
    document_currency = CurrencyField(default="", db_default="", help_text="The document's, where it is another.")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    posted_by = models.UUIDField(null=True)
    posted_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [
            models.Index(fields=["company", "date"], name="journal_date"),
            models.Index(fields=["source_id"], name="journal_source"),
        ]
        triggers = [
            *AppendOnly.Meta.triggers,
            pgtrigger.Trigger(
                name="month_is_open", when=pgtrigger.After, operation=pgtrigger.Insert, func=_MONTH_IS_OPEN
            ),
        ]


class JournalLine(AppendOnly):
    """Debit is positive, credit negative; an entry's lines add up to zero.

    `role` is what it was posted for: its account may play another since, or several at once.
    """

    id = IdField()
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False)
    role = models.CharField(max_length=20)  # an `AccountRole`
    customer_id = models.UUIDField(null=True)
    amount = AmountField()
    document_amount = AmountField(null=True, help_text="In the document's currency, where it is another.")

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["account", "entry"], name="journal_line_account")]
