from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, IdField, PriceField, QuantityField
from niaga.stock.models.warehouse import Warehouse


class StockLevel(models.Model):
    """On hand and reserved of a product in a warehouse, in base units. Nothing is promised twice: see the check."""

    id = IdField()
    warehouse = models.ForeignKey(Warehouse, models.PROTECT)
    product = models.ForeignKey("catalog.Product", models.PROTECT, db_index=False)
    on_hand = QuantityField(default=0)
    reserved = QuantityField(default=0)
    place = models.CharField(max_length=40, default="", db_default="", blank=True, help_text="The shelf it lies on.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "warehouse"], name="one_level"),
            models.CheckConstraint(
                condition=models.Q(reserved__gte=0, on_hand__gte=models.F("reserved")), name="never_oversold"
            ),
        ]


class MoveReason(models.TextChoices):
    RECEIPT = "receipt"
    SHIPMENT = "shipment"
    ADJUSTMENT = "adjustment"
    COUNT = "count"
    TRANSFER = "transfer"
    OPENING = "opening"
    RETURN = "return"
    SCRAP = "scrap"


class StockMove(AppendOnly):
    """Goods came (positive) or went (negative). The level on hand is the sum of these.

    `value` is what they were worth at that moment: the sum of these is the value on hand (see `StockCost`). A transfer
    within a company has none.
    """

    id = IdField()
    company_id = models.UUIDField()
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, db_index=False, db_constraint=False)
    product = models.ForeignKey("catalog.Product", models.PROTECT, db_index=False)
    quantity = QuantityField(help_text="Base units.")
    unit_cost = PriceField(null=True, help_text="Of one base unit: given with what came, the average of what went.")
    value = AmountField(default=0, db_default=0, help_text="In the company's own currency, signed like the quantity.")
    reason = models.CharField(max_length=12, choices=MoveReason.choices)
    source_kind = models.CharField(max_length=40)
    source_id = models.UUIDField()
    line_id = models.UUIDField(null=True, help_text="The source's line, where one made the move.")
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta(AppendOnly.Meta):
        indexes = [
            models.Index(fields=["company_id", "-at", "-id"], name="move_recent"),
            models.Index(fields=["product", "-at"], name="move_product"),
            models.Index(fields=["source_id"], name="move_source"),
        ]
