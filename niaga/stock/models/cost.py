from django.db import models

from niaga.core.fields import AmountField, IdField, PriceField, QuantityField


class StockCost(models.Model):
    """What a product's goods are worth, in all warehouses of its company: the moving average.

    Locked after the levels, by product. `quantity` and `value` are the sums over its moves. `average` is the one of
    one by the other; when nothing is left it stays what it was. None: it never came in at a cost.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    product = models.OneToOneField("catalog.Product", models.PROTECT)
    quantity = QuantityField(default=0, help_text="Base units.")
    value = AmountField(default=0, help_text="In the company's own currency.")
    average = PriceField(null=True, help_text="Of one base unit.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gte=0, value__gte=0), name="cost_not_negative"),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0) | models.Q(value=0), name="nothing_costs_nothing"
            ),
        ]
