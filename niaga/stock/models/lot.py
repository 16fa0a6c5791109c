import pgtrigger
from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import IdField, QuantityField
from niaga.stock.models.delivery import DeliveryLine, DeliveryPart
from niaga.stock.models.warehouse import Warehouse

_MORE_OR_LESS = """
    UPDATE stock_stocklevel SET barred = barred
         + CASE WHEN NEW.is_barred THEN NEW.on_hand ELSE 0 END
         - CASE WHEN TG_OP = 'UPDATE' AND {was} THEN {had} ELSE 0 END
     WHERE product_id = NEW.product_id AND warehouse_id = NEW.warehouse_id;
    RETURN NULL;
"""


class Lot(models.Model):
    """Goods of a product that were made together: their number, and the day from which they are no longer good.

    `is_barred`: nobody is promised any of it, since it is blocked or its day has come.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    product = models.ForeignKey("catalog.Product", models.PROTECT, db_index=False)
    number = models.CharField(max_length=40)
    expires_on = models.DateField(help_text="From this day on it is not sold.")
    made_on = models.DateField(null=True)
    is_barred = models.BooleanField(default=False)
    blocked_at = models.DateTimeField(null=True)
    blocked_by = models.UUIDField(null=True)
    block_reason = models.CharField(max_length=200, default="", blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="one_lot_number"),
            models.CheckConstraint(
                condition=models.Q(blocked_at__isnull=True) | models.Q(is_barred=True), name="blocked_is_barred"
            ),
        ]
        indexes = [
            models.Index(fields=["expires_on"], name="lot_to_expire", condition=models.Q(is_barred=False)),
            models.Index(fields=["company", "expires_on", "id"], name="lot_by_day"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="same_lot", fields=["id", "product", "number", "expires_on", "made_on"]),
        ]

    def __str__(self) -> str:
        return self.number


class LotLevel(models.Model):
    """How much of a lot lies in a warehouse, in base units. The database keeps it as moves are written: the sum of the
    lot's moves, never less than nothing; what is barred of a product is the sum over its barred lots."""

    id = IdField()
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, db_index=False)
    product = models.ForeignKey("catalog.Product", models.PROTECT, db_index=False)
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="levels", db_index=False)
    on_hand = QuantityField(default=0)
    is_barred = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "warehouse"], name="one_lot_level"),
            models.CheckConstraint(condition=models.Q(on_hand__gte=0), name="lot_not_below_nothing"),
        ]
        indexes = [models.Index(fields=["product", "warehouse"], name="lot_level_product")]
        triggers = [
            pgtrigger.Trigger(
                name="barred_of_new", when=pgtrigger.After, operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.is_barred"),
                func=_MORE_OR_LESS.format(was="false", had="0"),
            ),
            pgtrigger.Trigger(
                name="barred_of_changed", when=pgtrigger.After, operation=pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.is_barred OR OLD.is_barred"),
                func=_MORE_OR_LESS.format(was="OLD.is_barred", had="OLD.on_hand"),
            ),
        ]  # fmt: skip


class LotPick(models.Model):
    """How much of which lot is to be fetched for a delivery line (or a part of its bundle), or was fetched. Base units.

    What left is told by the moves. A lot that is to be fetched for one is proposed to no other.
    """

    id = IdField()
    delivery_line = models.ForeignKey(DeliveryLine, models.CASCADE, related_name="lots")
    part = models.ForeignKey(DeliveryPart, models.CASCADE, null=True, db_index=False)
    lot = models.ForeignKey(Lot, models.PROTECT)
    quantity = QuantityField()
    is_fetched = models.BooleanField(default=False, help_text="A person said so; else it is proposed.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="lot_pick_positive"),
            models.UniqueConstraint(fields=["delivery_line", "part", "lot"], name="one_lot_pick", nulls_distinct=False),
        ]


class LotBlock(AppendOnly):
    """Who blocked a lot or let it go again, when and why."""

    id = IdField()
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="blocks")
    is_block = models.BooleanField()
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
