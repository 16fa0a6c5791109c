from django.db import models

from niaga.core.fields import IdField, QuantityField
from niaga.stock.models.warehouse import Warehouse


class Adjustment(models.Model):
    """A correction of what is on hand, with its reason; a stock count is one whose lines were counted."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT)
    number = models.CharField(max_length=40)
    is_count = models.BooleanField(default=False)
    status = models.CharField(max_length=20, default="posted", help_text="draft (a count under way), posted, cancelled")
    reason = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="one_adjustment_number")]


class AdjustmentLine(models.Model):
    id = IdField()
    adjustment = models.ForeignKey(Adjustment, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey("catalog.Product", models.PROTECT)
    lot = models.ForeignKey("stock.Lot", models.PROTECT, null=True, db_index=False)
    expected = QuantityField(null=True, help_text="On hand when the count was taken, base units.")
    counted = QuantityField(null=True)
    difference = QuantityField(default=0)
