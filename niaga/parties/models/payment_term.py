from django.db import models

from niaga.core.fields import IdField, PercentField


class PaymentTerm(models.Model):
    """When an invoice is due, in one or several parts."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    discount_percent = PercentField(
        default=0, db_default=0, help_text="Off what is claimed, for who pays the rest early; 0: nothing."
    )
    discount_days = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Until so many days after the invoice's date, the last one included."
    )
    discount_lessens_tax = models.BooleanField(
        default=False, db_default=False,
        help_text="It is given by a credit note, which lessens tax base and tax; else it is the sellers' cost alone.",
    )  # fmt: skip
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="one_term_code"),
            models.CheckConstraint(
                condition=models.Q(discount_lessens_tax=False) | models.Q(discount_percent__gt=0),
                name="only_a_discount_lessens_tax",
            ),
            models.CheckConstraint(
                condition=models.Q(discount_percent=0, discount_days=0)
                | models.Q(discount_percent__gt=0, discount_percent__lt=100),
                name="early_discount_below_a_hundred",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TermPart(models.Model):
    """One instalment of a term: `percent` of the total, `days` after the invoice date, or after its month's end."""

    id = IdField()
    term = models.ForeignKey(PaymentTerm, models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField(default=0)
    percent = PercentField(default=100)
    days = models.PositiveSmallIntegerField(default=0)
    end_of_month = models.BooleanField(default=False, help_text="Count the days from the end of the invoice's month.")
    after_exchange = models.BooleanField(
        default=False, db_default=False, help_text="Count from the day on which the customer took the invoice in."
    )
