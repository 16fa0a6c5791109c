from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField
from niaga.invoicing.models.invoice import Invoice


class WriteOffKind(models.TextChoices):
    BAD_DEBT = "bad_debt"
    """The customer will not pay: a cost."""
    DIFFERENCE = "difference"
    """A rest too small to ask for, below the company's threshold."""


class WriteOffRule(models.Model):
    """Up to which open rest a company writes off at once, without anybody's yes. Without a row: nothing."""

    company = models.OneToOneField("organization.Company", models.PROTECT, primary_key=True, related_name="+")
    most = AmountField(default=0, help_text="In the company's own currency; 0: every write-off is looked at.")
    updated_by = models.UUIDField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(most__gte=0), name="write_off_threshold_not_below_0")]


class WriteOffDeed(AppendOnly):
    """What somebody gave up of what customers owe: of one invoice, or small rests of many. Its allocations name it."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=WriteOffKind.choices)
    reason = models.TextField()
    date = models.DateField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta(AppendOnly.Meta):
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="one_write_off_number")]

    def __str__(self) -> str:
        return self.number


class WriteOff(AppendOnly):
    """How much of an invoice was given up, in its currency, and of the receivable in the company's own."""

    id = IdField()
    deed = models.ForeignKey(WriteOffDeed, models.PROTECT, related_name="parts")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="write_offs")
    currency = CurrencyField()
    amount = AmountField()
    base_amount = AmountField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(fields=["deed", "invoice"], name="one_part_per_invoice"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="written_off_above_0"),
        ]


class WriteOffReversal(AppendOnly):
    """A debt that was given up is claimed again: the customer pays after all, or it was a mistake."""

    id = IdField()
    write_off = models.OneToOneField(WriteOff, models.PROTECT, related_name="reversal")
    reason = models.TextField()
    date = models.DateField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
