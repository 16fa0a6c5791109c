from django.db import models

from niaga.core.fields import CurrencyField, IdField, RateField


class ExchangeRate(models.Model):
    """What one of a foreign currency is worth in the company's own, from a day on.

    It is the company's choice of source, for its prices and books. The tax office's weekly rate (kurs pajak) is
    another, kept by invoicing. Documents freeze the rate they were bound with; a row put right later moves none.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    currency = CurrencyField()
    date = models.DateField()
    rate = RateField(help_text="Of the company's own currency, for one.")
    source = models.CharField(max_length=60, default="", blank=True, help_text="Such as JISDOR, or the bank.")
    updated_by = models.UUIDField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "currency", "date"], name="one_exchange_rate_a_day"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="exchange_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.date}"
