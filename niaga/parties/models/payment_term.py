from django.db import models

from niaga.core.fields import IdField, PercentField


class PaymentTerm(models.Model):
    """When an invoice is due, in one or several parts."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="one_term_code")]

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
