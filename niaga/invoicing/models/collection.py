from django.db import models
from django.db.models import Q

from niaga.core.bases import AppendOnly, frozen_once
from niaga.core.fields import AmountField, CurrencyField, IdField
from niaga.invoicing.models.invoice import Invoice


class Dispute(models.Model):
    """That a customer does not agree with an invoice. While it is open nobody reminds of the invoice."""

    id = IdField()
    company_id = models.UUIDField()
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="disputes")
    customer_id = models.UUIDField()
    amount = AmountField(null=True, help_text="In the invoice's currency; none: all of it.")
    reason = models.TextField()
    raised_by_name = models.CharField(max_length=120, default="", blank=True, help_text="Who at the customer.")
    raised_by = models.UUIDField(null=True, help_text="Empty: the customer.")
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    settlement = models.TextField(default="", help_text="What was agreed.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice"], name="one_open_dispute", condition=Q(settled_at=None)),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name="dispute_amount_positive"),
            models.CheckConstraint(condition=Q(settled_at=None) ^ ~Q(settlement=""), name="settled_says_how"),
        ]
        indexes = [
            models.Index(fields=["company_id", "customer_id"], name="dispute_open", condition=Q(settled_at=None))
        ]
        triggers = [frozen_once(name="settled_never_changes", condition="OLD.settled_at IS NOT NULL")]


class PaymentPromise(AppendOnly):
    """That a customer said when they will pay. Until the end of that day nobody reminds of its invoices."""

    id = IdField()
    company_id = models.UUIDField()
    customer_id = models.UUIDField()
    amount = AmountField(null=True, help_text="None: all that is open.")
    currency = CurrencyField()
    until_date = models.DateField()
    promised_by_name = models.CharField(max_length=120, default="", blank=True)
    note = models.TextField(default="", blank=True)
    by = models.UUIDField(null=True, help_text="Empty: the customer.")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name="promised_amount_positive")
        ]
        indexes = [models.Index(fields=["customer_id", "-at"], name="promise_customer")]


class PromisedInvoice(AppendOnly):
    """An invoice that a promise is about; of several promises the latest holds."""

    id = IdField()
    promise = models.ForeignKey(PaymentPromise, models.PROTECT, related_name="invoices")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="promises")

    class Meta(AppendOnly.Meta):
        constraints = [models.UniqueConstraint(fields=["promise", "invoice"], name="one_invoice_per_promise")]


class ReminderPause(models.Model):
    """That a customer is not reminded of anything, until a day or until somebody ends it."""

    id = IdField()
    company_id = models.UUIDField()
    customer_id = models.UUIDField()
    until_date = models.DateField(null=True, help_text="The last day; none: until it is ended.")
    reason = models.TextField()
    by = models.UUIDField(null=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer_id"], name="one_reminder_pause", condition=Q(ended_at=None))
        ]
        triggers = [frozen_once(name="ended_never_changes", condition="OLD.ended_at IS NOT NULL")]


class CallOutcome(models.TextChoices):
    NO_ANSWER = "no_answer"
    PROMISED = "promised"
    DISPUTED = "disputed"
    WRONG_NUMBER = "wrong_number"
    SPOKEN = "spoken"


class CollectionCall(AppendOnly):
    """A call to a customer about what they owe, and what came of it."""

    id = IdField()
    company_id = models.UUIDField()
    customer_id = models.UUIDField()
    outcome = models.CharField(max_length=12, choices=CallOutcome.choices)
    note = models.TextField(default="", blank=True)
    next_call_date = models.DateField(null=True)
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["customer_id", "-at", "-id"], name="collection_call_customer")]


class CallListRow(models.Model):
    """A customer to be called today. No table: `queries.call_list` tells them."""

    customer = models.OneToOneField("parties.Customer", models.DO_NOTHING, primary_key=True, related_name="+")
    currency = CurrencyField(help_text="The company's own.")
    overdue = AmountField(help_text="What is past its day.")
    invoices = models.IntegerField()
    days_late = models.IntegerField(help_text="Of the oldest.")
    broken = models.BooleanField(help_text="A promise was not kept.")
    last_call_at = models.DateTimeField(null=True)
    last_outcome = models.CharField(max_length=12, null=True)
    next_call_date = models.DateField(null=True)

    class Meta:
        managed = False


class LevelYield(models.Model):
    """What a level brought in one month. No table: `queries.level_yield` tells them."""

    id = models.CharField(max_length=60, primary_key=True)
    month = models.DateField()
    level = models.ForeignKey("invoicing.ReminderLevel", models.DO_NOTHING, related_name="+")
    days = models.IntegerField()
    sent = models.IntegerField(help_text="Parts of invoices that were reminded of.")
    answered = models.IntegerField(help_text="Of these, on whose invoice money came in time.")
    open = AmountField(help_text="What was open of them, in the company's own currency.")
    money = AmountField(help_text="What came, in the company's own currency.")
    currency = CurrencyField()

    class Meta:
        managed = False
