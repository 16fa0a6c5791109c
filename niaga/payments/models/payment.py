from django.db import models
from django.utils.translation import gettext_lazy as _

from niaga.core.fields import AmountField, CurrencyField, IdField, RateField


class PaymentMethod(models.TextChoices):
    CASH = "cash", _("Cash")
    TRANSFER = "transfer", _("Transfer")
    GIRO = "giro", _("Giro")
    CARD = "card", _("Card")
    GATEWAY = "gateway", _("Payment gateway")


class Payment(models.Model):
    """Money that came in. What is not allocated to invoices is an advance of the customer."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    branch = models.ForeignKey("organization.Branch", models.PROTECT)
    number = models.CharField(max_length=40)
    status = models.CharField(max_length=20, default="recorded", help_text="recorded, reversed")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, db_index=False)
    salesperson_id = models.UUIDField(null=True)
    method = models.CharField(max_length=10, choices=PaymentMethod.choices)
    currency = CurrencyField()
    amount = AmountField()
    allocated = AmountField(default=0, help_text="What of it is used: for invoices, and for refunds.")
    exchange_rate = RateField(
        default=1, db_default=1, help_text="Of the company's own currency for one of the payment's, on its day."
    )
    base_amount = AmountField(default=0, db_default=0, help_text="In the company's own currency.")
    base_allocated = AmountField(default=0, db_default=0, help_text="What of `base_amount` is allocated, its share.")
    stamp_duty = AmountField(
        null=True, help_text="Bea meterai of its receipt, in the company's own currency; null: from before it was kept."
    )
    date = models.DateField()
    reference = models.CharField(
        max_length=80, default="", blank=True, help_text="Bank reference, giro or slip number."
    )
    bank_account = models.ForeignKey("organization.BankAccount", models.PROTECT, null=True, blank=True)
    giro_due_date = models.DateField(null=True, blank=True)
    giro_bank = models.CharField(max_length=80, default="", blank=True)
    note = models.TextField(default="", blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="one_payment_number"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_positive"),
            models.CheckConstraint(
                condition=models.Q(allocated__gte=0, allocated__lte=models.F("amount")), name="never_overspent"
            ),
            models.CheckConstraint(
                condition=models.Q(base_allocated__gte=0, base_allocated__lte=models.F("base_amount")),
                name="never_overspent_in_base",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-date", "-id"], name="payment_recent"),
            models.Index(fields=["customer", "-date"], name="payment_customer"),
            models.Index(
                fields=["company", "date"],
                name="payment_collected",
                include=["base_amount", "branch"],
                condition=models.Q(status="recorded"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PaymentReversal(models.Model):
    """Why a payment was taken back: a returned giro, a mistake."""

    id = IdField()
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="reversal")
    reason = models.TextField()
    bounced = models.BooleanField(default=False, db_default=False, help_text="A giro that the bank did not pay.")
    date = models.DateField(help_text="Of the books.")
    bank_date = models.DateField(
        null=True, help_text="When the bank returned the giro; the books' day is later where that month was closed."
    )
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
