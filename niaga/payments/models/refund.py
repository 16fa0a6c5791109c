import pgtrigger
from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField
from niaga.payments.models.gateway import PaymentRequest
from niaga.payments.models.payment import Payment
from niaga.payments.rules.refund_flow import RefundStatus


class Refund(models.Model):
    """Money of a payment that is given back to the customer. Booked when it is asked for."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    branch = models.ForeignKey("organization.Branch", models.PROTECT)
    customer = models.ForeignKey("parties.Customer", models.PROTECT)
    salesperson_id = models.UUIDField(null=True)
    number = models.CharField(max_length=40)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    request = models.ForeignKey(PaymentRequest, models.PROTECT, null=True)
    way = models.CharField(max_length=10, help_text="`gateway`, `transfer`, `cash`.")
    bank_account = models.ForeignKey("organization.BankAccount", models.PROTECT, null=True)
    reference = models.CharField(max_length=80, default="", blank=True)
    currency = CurrencyField()
    amount = AmountField()
    base_amount = AmountField(help_text="In the company's own currency, as it came in.")
    reason = models.TextField()
    date = models.DateField()
    status = models.CharField(max_length=12, default="done")
    version = models.PositiveIntegerField(default=1)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    asks = models.PositiveSmallIntegerField(default=0)
    next_ask_at = models.DateTimeField(null=True)
    error = models.TextField(default="")
    provider_id = models.CharField(max_length=200, default="")
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="one_refund_number"),
            models.CheckConstraint(condition=models.Q(amount__gt=0, base_amount__gte=0), name="refund_positive"),
            models.CheckConstraint(
                name="refund_status_known", condition=models.Q(status__in=[status.value for status in RefundStatus])
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-date", "-id"], name="refund_recent"),
            models.Index(
                fields=["status", "next_attempt_at"], name="refund_waiting",
                condition=~models.Q(status__in=["done", "failed"]),
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Protect(name="refund_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="refund_says_the_same",
                fields=["number", "payment", "customer", "currency", "amount", "base_amount", "date"],
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CreditRefund(AppendOnly):
    """A refund that pays out what a credit note had left: the invoice it settles instead is the note's own."""

    id = IdField()
    credit_note = models.ForeignKey("invoicing.Invoice", models.PROTECT, related_name="paid_out")
    refund = models.OneToOneField(Refund, models.PROTECT, related_name="pays_out")
