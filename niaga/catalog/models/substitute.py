from django.db import models

from niaga.catalog.models.product import Product
from niaga.core.fields import IdField, QuantityField


class SubstitutePrice(models.TextChoices):
    """What a customer pays for a substitute."""

    AS_ORDERED = "as_ordered"
    OWN = "own"
    CHEAPER = "cheaper"


class ProductSubstitute(models.Model):
    """Goods that may go in place of others that cannot be found: the first of the list is offered first."""

    id = IdField()
    product = models.ForeignKey(Product, models.CASCADE, related_name="substitutes")
    position = models.PositiveSmallIntegerField()
    substitute = models.ForeignKey(Product, models.PROTECT, related_name="stands_in_for")
    ratio = QuantityField(help_text="Base units of the substitute for one base unit of the product.")
    price = models.CharField(max_length=10, choices=SubstitutePrice.choices, default=SubstitutePrice.CHEAPER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "substitute"], name="one_substitute_once"),
            models.CheckConstraint(condition=models.Q(ratio__gt=0), name="substitute_ratio_positive"),
            models.CheckConstraint(
                condition=~models.Q(product=models.F("substitute")), name="no_substitute_of_itself"
            ),
        ]  # fmt: skip
