import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from niaga.core.bases import frozen_once
from niaga.core.fields import AmountField, CurrencyField, IdField
from niaga.payments.models.payment import Payment


class AskedRefund(models.Model):
    """Money that goes back once somebody said yes: of a payment, or of what a credit note has left. What was asked
    never changes; once it went back, nothing does."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="asked_refunds")
    credit_note = models.ForeignKey("invoicing.Invoice", models.PROTECT, null=True, related_name="+")
    request = models.OneToOneField("approvals.ApprovalRequest", models.PROTECT, related_name="+")
    currency = CurrencyField()
    amount = AmountField()
    way = models.CharField(max_length=10)
    reason = models.TextField()
    reference = models.CharField(max_length=80, default="", blank=True)
    bank_account = models.ForeignKey("organization.BankAccount", models.PROTECT, null=True, db_index=False)
    asked_by = models.ForeignKey("organization.User", models.PROTECT, null=True, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    refund_ids = ArrayField(models.UUIDField(), default=list, help_text="The refunds it became.")
    refused_at = models.DateTimeField(null=True, help_text="When it was approved and yet could not be made.")
    refusal = models.CharField(max_length=40, default="", blank=True, help_text="The code of why.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(payment__isnull=True, credit_note__isnull=False)
                | models.Q(payment__isnull=False, credit_note__isnull=True),
                name="asked_refund_of_one_thing",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="asked_refund_above_0"),
            models.CheckConstraint(
                condition=models.Q(refused_at__isnull=True, refusal="")
                | (models.Q(refused_at__isnull=False, made_at__isnull=True) & ~models.Q(refusal="")),
                name="refused_refund_says_why",
            ),
        ]
        triggers = [
            frozen_once(name="refunded_for_good", condition="OLD.made_at IS NOT NULL OR OLD.refused_at IS NOT NULL"),
            pgtrigger.Protect(name="asked_refund_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="refund_as_it_was_asked",
                fields=["company", "payment", "credit_note", "request", "currency", "amount", "way", "bank_account",
                        "reason", "reference", "asked_by", "asked_at"],
            ),
        ]  # fmt: skip
