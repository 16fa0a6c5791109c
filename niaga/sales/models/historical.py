from django.db import models

from niaga.core.fields import AmountField, CurrencyField, IdField, QuantityField


class HistoricalSale(models.Model):
    """A closed sale from the system before Niaga, with its original number. Outside ledger, stock and number series."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    branch = models.ForeignKey("organization.Branch", models.PROTECT)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, help_text="None: sold to a passer-by.")
    salesperson_id = models.UUIDField(null=True)
    number = models.CharField(max_length=40, db_collation="C", help_text="Found by its beginning, through its index.")
    sold_at = models.DateTimeField()
    date = models.DateField(help_text="The day at the branch.")
    currency = CurrencyField()
    line_count = models.PositiveIntegerField(default=0)
    gross = AmountField(default=0, help_text="Before discounts.")
    discount = AmountField(default=0)
    coupon = AmountField(default=0, help_text="Of the total, what coupons of third parties paid.")
    total = AmountField(default=0, help_text="Gross less discount: what counts as revenue.")
    import_batch_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="one_historical_number"),
            models.CheckConstraint(
                condition=models.Q(total=models.F("gross") - models.F("discount")), name="historical_adds_up"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-date", "-id"], name="historical_recent"),
            models.Index(fields=["branch", "-date", "-id"], name="historical_branch", include=["total", "currency"]),
            models.Index(
                fields=["customer", "-date", "-id"], name="historical_customer", include=["total", "currency"]
            ),
            models.Index(fields=["import_batch_id"], name="historical_batch"),
        ]

    def __str__(self) -> str:
        return self.number


class HistoricalSaleLine(models.Model):
    """A line as the old system had it: a quantity of zero or less is possible.

    The import checks its keys set-based, and `niaga check invariants` again, so the table has no foreign keys of its
    own, and no key but its place in the sale: millions of rows, one index less.
    """

    pk = models.CompositePrimaryKey("sale_id", "position")
    sale = models.ForeignKey(
        HistoricalSale, models.DO_NOTHING, related_name="lines", db_constraint=False, db_index=False
    )
    position = models.PositiveIntegerField()
    product = models.ForeignKey("catalog.Product", models.DO_NOTHING, db_constraint=False, db_index=False)
    quantity = QuantityField()
    discount = AmountField(default=0)
    coupon = AmountField(default=0)
    amount = AmountField(help_text="After discounts.")

    class Meta:
        indexes = [models.Index(fields=["product"], name="historical_line_product")]


class HistoricalDay(models.Model):
    """The sums of one day of history, kept by the import and its undo, so that a total over years reads few rows."""

    pk = models.CompositePrimaryKey("company_id", "date", "currency")
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    date = models.DateField()
    currency = CurrencyField()
    sales = models.PositiveIntegerField()
    lines = models.PositiveIntegerField()
    gross = AmountField()
    discount = AmountField()
    coupon = AmountField()
    total = AmountField()
