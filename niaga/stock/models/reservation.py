from django.db import models

from niaga.core.fields import IdField, QuantityField
from niaga.stock.models.warehouse import Warehouse


class Reservation(models.Model):
    """Stock held for a line of a promise (an order line). `quantity` is what is still held, in base units.

    A line that is a bundle holds each of its parts.
    """

    id = IdField()
    company_id = models.UUIDField()
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, db_index=False, db_constraint=False)
    product = models.ForeignKey("catalog.Product", models.PROTECT)
    source_kind = models.CharField(max_length=40)
    source_id = models.UUIDField(help_text="The document, for example the order.")
    line_id = models.UUIDField(help_text="The document's line.")
    quantity = QuantityField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gte=0), name="reservation_not_negative"),
            models.UniqueConstraint(fields=["source_id", "line_id", "product", "warehouse"], name="one_reservation"),
        ]
        indexes = [
            models.Index(fields=["product", "warehouse"], name="reservation_held", condition=models.Q(quantity__gt=0)),
        ]
