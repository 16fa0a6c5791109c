import pgtrigger
from django.db import models
from django.db.models import F, Q

from niaga.core.fields import AmountField, IdField, QuantityField
from niaga.stock.models.warehouse import Warehouse


class Transfer(models.Model):
    """Goods moved from one warehouse to another: at once, or sent by one and received by the other.

    At once it is received as it is made. Sent, its goods belong to neither warehouse from `shipped_at` until they are
    received, come back, or are given up.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    source = models.ForeignKey(Warehouse, models.PROTECT, related_name="transfers_out")
    target = models.ForeignKey(Warehouse, models.PROTECT, related_name="transfers_in")
    number = models.CharField(max_length=40)
    note = models.TextField(default="", blank=True)
    status = models.CharField(max_length=12, default="received", db_default="received")
    version = models.PositiveIntegerField(default=1, db_default=1)
    expected_date = models.DateField(null=True, help_text="When the target expects them; none: moved at once.")
    carrier = models.CharField(max_length=80, default="", db_default="", blank=True)
    moved_at = models.DateTimeField(help_text="When it was made; of what moves at once, when it moved.")
    moved_by = models.UUIDField(null=True)
    shipped_at = models.DateTimeField(null=True)
    shipped_by = models.UUIDField(null=True)
    received_at = models.DateTimeField(null=True, help_text="When the last of it came, or came back.")
    received_by = models.UUIDField(null=True)
    updated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="one_transfer_number")]


# What left is what left: a line may be told apart by lot or taken out only while its goods are still there.
_STAYS = """
    IF (SELECT status FROM stock_transfer WHERE id = OLD.transfer_id) <> 'draft' THEN
      RAISE EXCEPTION 'the goods of a transfer that left stay as they left' USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
"""


class TransferLine(models.Model):
    id = IdField()
    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey("catalog.Product", models.PROTECT)
    lot = models.ForeignKey("stock.Lot", models.PROTECT, null=True, db_index=False)
    quantity = QuantityField(help_text="Base units.")
    received = QuantityField(default=0, db_default=0)
    returned = QuantityField(default=0, db_default=0, help_text="Back in the warehouse that sent them.")
    lost = QuantityField(default=0, db_default=0, help_text="Left, and came to neither.")
    lost_value = AmountField(default=0, db_default=0, help_text="What those were worth.")
    over = QuantityField(default=0, db_default=0, help_text="Came beyond what left.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received__gte=0, returned__gte=0, lost__gte=0, over__gte=0)
                & Q(quantity__gte=F("received") + F("returned") + F("lost")),
                name="transfer_line_adds_up",
            )
        ]
        triggers = [
            pgtrigger.ReadOnly(name="what_left_stays", fields=["transfer", "product", "lot", "quantity"]),
            pgtrigger.Trigger(name="left_is_left", when=pgtrigger.Before, operation=pgtrigger.Delete, func=_STAYS),
        ]
