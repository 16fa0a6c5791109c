from django.db import models

from niaga.core.fields import IdField, PriceField, QuantityField
from niaga.stock.models.warehouse import Warehouse


class ExpectedReceipt(models.Model):
    """Goods a supplier or a transfer will bring: they count as incoming until received or cancelled.

    What comes by a `transfer` is received, postponed and settled there; what a supplier sends straight to a customer
    (`sent_by`) by the order's app.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT)
    supplier = models.CharField(max_length=120)
    reference = models.CharField(max_length=60, default="", blank=True)
    expected_date = models.DateField()
    sent_by = models.ForeignKey(
        "stock.Supplier", models.PROTECT, null=True, help_text="Of goods that go straight to a customer."
    )
    transfer = models.OneToOneField("stock.Transfer", models.PROTECT, null=True, related_name="expected")
    status = models.CharField(max_length=20, default="open", help_text="open, received, cancelled")
    version = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()


class ExpectedReceiptLine(models.Model):
    id = IdField()
    expected = models.ForeignKey(ExpectedReceipt, models.CASCADE, related_name="lines")
    product = models.ForeignKey("catalog.Product", models.PROTECT)
    quantity = QuantityField(help_text="Base units.")
    received = QuantityField(default=0)

    class Meta:
        indexes = [models.Index(fields=["product"], name="expected_product")]


class Receipt(models.Model):
    """Goods that came in. Posted at once; a mistake is put right by an adjustment."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT)
    number = models.CharField(max_length=40)
    supplier = models.CharField(max_length=120, default="", blank=True)
    reference = models.CharField(max_length=60, default="", blank=True)
    expected = models.ForeignKey(ExpectedReceipt, models.PROTECT, null=True, blank=True)
    received_at = models.DateTimeField()
    received_by = models.UUIDField(null=True)
    note = models.TextField(default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="one_receipt_number")]
        indexes = [models.Index(fields=["company", "-received_at"], name="receipt_recent")]


class ReceiptLine(models.Model):
    id = IdField()
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey("catalog.Product", models.PROTECT)
    quantity = QuantityField()
    unit = models.ForeignKey("catalog.Unit", models.PROTECT)
    factor = QuantityField(default=1)
    unit_cost = PriceField(null=True, blank=True, help_text="Of one base unit.")
