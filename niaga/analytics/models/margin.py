"""What sales earn. No tables: `queries.margins` writes the statements that tell the rows."""

from django.db import models

from niaga.core.fields import AmountField, CurrencyField


class MarginFact(models.Model):
    """A share of a posting to revenue or cost of sales, with whom and what it is of, in the company's own currency."""

    id = models.UUIDField(primary_key=True, help_text="Of the entry; several facts may be of one.")
    company_id = models.UUIDField()
    branch_id = models.UUIDField(null=True)
    salesperson_id = models.UUIDField(null=True)
    customer_id = models.UUIDField(null=True)
    product_id = models.UUIDField(null=True)
    category_id = models.UUIDField(null=True)
    channel_id = models.UUIDField(null=True)
    date = models.DateField()
    revenue = AmountField()
    cost = AmountField()

    class Meta:
        managed = False


class MarginRow(models.Model):
    """What a customer, a product, a branch … earned in a period. `key` is its id; none: what belongs to none."""

    id = models.CharField(max_length=40, primary_key=True)
    key = models.UUIDField(null=True)
    name = models.CharField(max_length=200)
    detail = models.CharField(max_length=80)
    currency = CurrencyField()
    revenue = AmountField()
    cost = AmountField()
    margin = AmountField()
    percent = models.DecimalField(max_digits=19, decimal_places=2, null=True, help_text="None without revenue.")

    class Meta:
        managed = False
