import pgtrigger
from django.db import models
from django.db.models import F, Q

from niaga.core.bases import AppendOnly
from niaga.core.fields import IdField, PriceField, QuantityField
from niaga.sales.models.order import SalesOrder, SalesOrderLine


class SupplyChoice(models.Model):
    """How a line of a draft order is supplied, where a person said otherwise than its product: straight from a
    supplier, or (none) from stock. It is of a line's id: a draft's lines are written anew at every change."""

    id = IdField()
    order = models.ForeignKey(SalesOrder, models.CASCADE, related_name="supply_choices", db_index=False)
    line_id = models.UUIDField()
    supplier = models.ForeignKey("stock.Supplier", models.PROTECT, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "line_id"], name="one_supply_choice")]


class DropShip(models.Model):
    """What one supplier is asked to send straight to an order's customer: goods that are expected, by no warehouse."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    branch = models.ForeignKey("organization.Branch", models.PROTECT)
    number = models.CharField(max_length=40)
    status = models.CharField(max_length=12, default="asked", help_text="asked, sent, confirmed, shipped, cancelled")
    order = models.ForeignKey(SalesOrder, models.PROTECT, related_name="drop_ships")
    salesperson_id = models.UUIDField(null=True)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, db_index=False)
    supplier = models.ForeignKey("stock.Supplier", models.PROTECT)
    expected = models.OneToOneField("stock.ExpectedReceipt", models.PROTECT, related_name="drop_ship")
    address = models.JSONField(default=dict, help_text="Frozen: where the supplier sends the goods.")
    promised_date = models.DateField(help_text="What the supplier said; until then what is usual.")
    supplier_reference = models.CharField(max_length=60, default="", blank=True)
    sent_at = models.DateTimeField(null=True, help_text="When the request was last mailed or handed over.")
    confirmed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="one_drop_ship_number"),
            models.CheckConstraint(
                condition=Q(status__in=["asked", "sent", "confirmed", "shipped", "cancelled"]),
                name="drop_ship_status_known",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-created_at", "-id"], name="drop_ship_recent"),
            models.Index(
                fields=["company", "promised_date"], name="drop_ship_waiting",
                condition=Q(status__in=["asked", "sent", "confirmed"]),
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Protect(name="drop_ship_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="drop_ship_is_of_its_order", fields=["order", "supplier", "expected", "number"]),
        ]

    def __str__(self) -> str:
        return self.number


class DropShipLine(models.Model):
    """So much of an order line, in its unit. What was asked for stays as it was asked."""

    id = IdField()
    drop_ship = models.ForeignKey(DropShip, models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    order_line = models.ForeignKey(SalesOrderLine, models.PROTECT, related_name="drop_ship_lines")
    expected_line = models.OneToOneField("stock.ExpectedReceiptLine", models.PROTECT, related_name="drop_ship_line")
    quantity = QuantityField()
    shipped = QuantityField(default=0)
    cancelled = QuantityField(default=0, help_text="The supplier will not send it.")
    code = models.CharField(max_length=40, default="", blank=True, help_text="What the supplier calls it.")
    unit_cost = PriceField(null=True, help_text="As agreed when it was asked for, of one base unit.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drop_ship", "order_line"], name="one_drop_ship_line"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, shipped__gte=0, cancelled__gte=0)
                & Q(quantity__gte=F("shipped") + F("cancelled")),
                name="drop_ship_line_adds_up",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="drop_ship_line_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="what_was_asked_stays", fields=["drop_ship", "order_line", "expected_line", "quantity"]
            ),
        ]


class DropShipDelivery(AppendOnly):
    """One thing the supplier sent: received and delivered at once."""

    id = IdField()
    drop_ship = models.ForeignKey(DropShip, models.PROTECT, related_name="deliveries")
    delivery = models.OneToOneField("stock.Delivery", models.PROTECT, related_name="drop_ship")
    receipt = models.OneToOneField("stock.Receipt", models.PROTECT, related_name="drop_ship")
