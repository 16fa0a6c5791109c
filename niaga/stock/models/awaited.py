from django.db import models

from niaga.core.fields import IdField, QuantityField
from niaga.stock.models.warehouse import Warehouse


class Awaited(models.Model):
    """Goods that a line of a promise waits for: a claim on what is still to come, in base units.

    `date` is the day on which enough will have come, counting every earlier claim; none: nothing is expected that
    would do. It may only get later for a reason that the order tells.
    """

    id = IdField()
    company_id = models.UUIDField()
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, db_index=False, db_constraint=False)
    product = models.ForeignKey("catalog.Product", models.PROTECT, db_index=False)
    source_kind = models.CharField(max_length=40)
    source_id = models.UUIDField(help_text="The document, for example the order.")
    line_id = models.UUIDField(help_text="The document's line.")
    quantity = QuantityField()
    date = models.DateField(null=True)
    was_date = models.DateField(null=True, help_text="The day it was promised for before it was put off.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="awaited_positive"),
            models.UniqueConstraint(fields=["source_id", "line_id", "product"], name="one_awaited"),
        ]
        indexes = [models.Index(fields=["product", "warehouse"], name="awaited_product")]
