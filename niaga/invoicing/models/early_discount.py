from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField, PercentField
from niaga.invoicing.models.invoice import Invoice


class GivenDiscount(AppendOnly):
    """What was let go of an invoice because the rest was paid in time, or (`late`) somebody granted it all the same.

    Its allocation names it. It changes no tax: the invoice stays as it was issued. With a `credit_note` it is that note
    which settles the rest, and lessens tax base and tax.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="given_discounts")
    number = models.CharField(max_length=40, help_text="Of the payment that came in time, else of the invoice.")
    payment_id = models.UUIDField(null=True)
    percent = PercentField()
    until = models.DateField(help_text="The last day on which it is given by itself.")
    currency = CurrencyField()
    amount = AmountField()
    base_amount = AmountField(help_text="Of the receivable, in the company's own currency.")
    credit_note = models.OneToOneField(Invoice, models.PROTECT, null=True, related_name="gives_discount")
    late = models.BooleanField()
    reason = models.TextField(default="", blank=True)
    date = models.DateField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="discount_given_above_0"),
            models.CheckConstraint(condition=models.Q(late=False) | ~models.Q(reason=""), name="late_has_its_reason"),
        ]
        indexes = [models.Index(fields=["company", "-date", "-id"], name="given_discount_recent")]

    def __str__(self) -> str:
        return self.number


class DiscountReversal(AppendOnly):
    """A discount is claimed again: the payment it was given for was taken back, or it was a mistake."""

    id = IdField()
    given = models.OneToOneField(GivenDiscount, models.PROTECT, related_name="reversal")
    debit_note = models.OneToOneField(
        Invoice, models.PROTECT, null=True, related_name="takes_discount_back",
        help_text="Claims again what the discount's credit note took off.",
    )  # fmt: skip
    reason = models.TextField()
    date = models.DateField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
