from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField
from niaga.parties.models.customer import Customer


class CreditAccount(models.Model):
    """What a customer may owe and does: open orders + unpaid invoices - advances. Its row is the lock of all three."""

    id = IdField()
    customer = models.OneToOneField(Customer, models.PROTECT, related_name="credit_account")
    currency = CurrencyField(default="IDR")
    limit = AmountField(null=True, blank=True, help_text="Empty: the group's, else no limit.")
    overdue_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: the group's, else ours.")
    on_hold = models.BooleanField(default=False)
    held_at = models.DateTimeField(null=True, help_text="When it was put on hold: releases from before are void.")
    raised = AmountField(default=0, help_text="The last raise, counted through its last day.")
    raised_until = models.DateField(null=True)
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


class CreditRaise(AppendOnly):
    """A limit raised through a last day, by whom and why. The last one of an account counts; nought ends it."""

    id = IdField()
    account = models.ForeignKey(CreditAccount, models.PROTECT, related_name="raises", db_index=False)
    amount = AmountField()
    last_day = models.DateField()
    reason = models.TextField()
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [models.CheckConstraint(condition=models.Q(amount__gte=0), name="raise_not_negative")]
        indexes = [models.Index(fields=["account", "at"], name="credit_raise")]


class CreditPolicy(models.Model):
    """What a company says about credit where neither customer nor group does. Without a row: nothing."""

    company = models.OneToOneField(
        "organization.Company", models.PROTECT, primary_key=True, related_name="credit_policy"
    )
    overdue_days = models.PositiveSmallIntegerField(null=True, help_text="Empty: nobody is held for being late.")
    confirms_when_free = models.BooleanField(
        default=False, db_default=False, help_text="Held orders are confirmed by themselves once money makes room."
    )
