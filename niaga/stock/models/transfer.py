from django.db import models

from niaga.core.fields import IdField, QuantityField
from niaga.stock.models.warehouse import Warehouse


class Transfer(models.Model):
    """Goods moved from one warehouse to another, at once."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    source = models.ForeignKey(Warehouse, models.PROTECT, related_name="transfers_out")
    target = models.ForeignKey(Warehouse, models.PROTECT, related_name="transfers_in")
    number = models.CharField(max_length=40)
    note = models.TextField(default="", blank=True)
    moved_at = models.DateTimeField()
    moved_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="one_transfer_number")]


class TransferLine(models.Model):
    id = IdField()
    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey("catalog.Product", models.PROTECT)
    lot = models.ForeignKey("stock.Lot", models.PROTECT, null=True, db_index=False)
    quantity = QuantityField(help_text="Base units.")
