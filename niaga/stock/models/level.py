import pgtrigger
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
    barred = QuantityField(default=0, db_default=0, help_text="Of lots that are blocked or past their day.")
    place = models.CharField(max_length=40, default="", db_default="", blank=True, help_text="The shelf it lies on.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "warehouse"], name="one_level"),
            models.CheckConstraint(condition=models.Q(barred__gte=0), name="barred_not_negative"),
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
    LOT = "lot"
    TRANSIT = "transit"
    TO_SUPPLIER = "to_supplier"


# One look for a statement's moves, however many. What is kept by lot moves by lot; a lot's level follows its moves.
_BY_LOT = """
    IF EXISTS (SELECT 1 FROM moved m JOIN catalog_product p ON p.id = m.product_id
                WHERE p.by_lot AND m.lot_id IS NULL AND m.reason <> 'lot') THEN
      RAISE EXCEPTION 'goods that are kept by lot move by lot' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM moved WHERE lot_id IS NOT NULL) THEN RETURN NULL; END IF;
    PERFORM 1 FROM stock_lot WHERE id IN (SELECT lot_id FROM moved) ORDER BY id FOR SHARE;
    UPDATE stock_lotlevel t SET on_hand = t.on_hand + s.quantity
      FROM (SELECT lot_id, warehouse_id, sum(quantity) AS quantity FROM moved WHERE lot_id IS NOT NULL GROUP BY 1, 2) s
     WHERE t.lot_id = s.lot_id AND t.warehouse_id = s.warehouse_id;
    INSERT INTO stock_lotlevel (id, warehouse_id, product_id, lot_id, on_hand, is_barred)
    SELECT gen_random_uuid(), m.warehouse_id, l.product_id, l.id, sum(m.quantity), l.is_barred
      FROM moved m JOIN stock_lot l ON l.id = m.lot_id
     WHERE NOT EXISTS (SELECT 1 FROM stock_lotlevel t WHERE t.lot_id = m.lot_id AND t.warehouse_id = m.warehouse_id)
     GROUP BY m.warehouse_id, l.id;
    RETURN NULL;
"""


class StockMove(AppendOnly):
    """Goods came (positive) or went (negative). The level on hand is the sum of these.

    `value` is what they were worth at that moment: the sum of these is the value on hand (see `StockCost`). A transfer
    at once has none; one by two steps has (`transit`): meanwhile the goods are on an account of their own.
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
    lot = models.ForeignKey("stock.Lot", models.PROTECT, null=True, db_index=False)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta(AppendOnly.Meta):
        indexes = [
            models.Index(fields=["company_id", "-at", "-id"], name="move_recent"),
            models.Index(fields=["product", "-at"], name="move_product"),
            models.Index(fields=["source_id"], name="move_source"),
            models.Index(fields=["lot", "at"], name="move_lot", condition=models.Q(lot__isnull=False)),
        ]
        triggers = [
            *AppendOnly.Meta.triggers,
            pgtrigger.Trigger(
                name="by_lot", level=pgtrigger.Statement, when=pgtrigger.After, operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="moved"), func=_BY_LOT,
            ),
        ]  # fmt: skip
