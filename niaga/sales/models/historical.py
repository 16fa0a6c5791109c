from django.db import models

from niaga.core.fields import AmountField, CurrencyField, IdField, QuantityField


class HistoricalSale(models.Model):
    """A closed sale from the system before Niaga, with its original number. Outside ledger, stock and number series."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    branch = models.ForeignKey("organization.Branch", models.PROTECT)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True)
    salesperson_id = models.UUIDField(null=True)
    number = models.CharField(max_length=40)
    sold_at = models.DateTimeField()
    date = models.DateField()
    currency = CurrencyField()
    line_count = models.PositiveIntegerField(default=0)
    gross = AmountField(default=0, help_text="Before discounts.")
    discount = AmountField(default=0)
    coupon = AmountField(default=0)
    total = AmountField(default=0, help_text="What counts as revenue.")
    import_batch_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="one_historical_number")]
        indexes = [
            models.Index(fields=["company", "-date", "-id"], name="historical_recent"),
            models.Index(fields=["company", "date"], name="historical_day", include=["total", "branch"]),
            models.Index(fields=["customer", "-date"], name="historical_customer"),
            models.Index(fields=["import_batch_id"], name="historical_batch"),
        ]

    def __str__(self) -> str:
        return self.number


class HistoricalSaleLine(models.Model):
    """A line as the old system had it: a quantity of zero or less is possible. The import checks its keys set-based,
    and `niaga check invariants` again, so the table has no foreign keys of its own: 1.5 million checks less."""

    id = models.BigAutoField(primary_key=True)
    sale = models.ForeignKey(HistoricalSale, models.DO_NOTHING, related_name="lines", db_constraint=False)
    position = models.PositiveIntegerField()
    product = models.ForeignKey("catalog.Product", models.DO_NOTHING, db_constraint=False)
    quantity = QuantityField()
    gross = AmountField()
    discount = AmountField(default=0)
    coupon = AmountField(default=0)
    amount = AmountField()

    class Meta:
        indexes = [models.Index(fields=["product"], name="historical_line_product")]
