from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField
from niaga.parties.models.customer import Customer


class CreditAccount(models.Model):
    """What a customer may owe and does: open orders + unpaid invoices - advances. Its row is the lock of all three."""

    id = IdField()
    customer = models.OneToOneField(Customer, models.PROTECT, related_name="credit_account")
    currency = CurrencyField(default="IDR")
    limit = AmountField(null=True, blank=True, help_text="Empty: no limit.")
    on_hold = models.BooleanField(default=False)
    orders = AmountField(default=0, help_text="Confirmed and not yet invoiced.")
    invoices = AmountField(default=0, help_text="Issued and not yet paid.")
    advances = AmountField(default=0, help_text="Paid and not yet allocated.")


class CreditEntry(AppendOnly):
    """A change of exposure and the document that caused it. The account's three figures are the sums of these."""

    id = IdField()
    account = models.ForeignKey(CreditAccount, models.PROTECT, related_name="entries", db_index=False)
    source_kind = models.CharField(max_length=40)
    source_id = models.UUIDField()
    orders = AmountField(default=0)
    invoices = AmountField(default=0)
    advances = AmountField(default=0)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["account", "at"], name="credit_entry")]
