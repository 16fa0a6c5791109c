from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, IdField, PriceField, QuantityField
from niaga.returns.models.goods_return import Return, ReturnLine


class Outcome(models.TextChoices):
    """What becomes of goods that came back."""

    RESTOCK = "restock"
    REFURBISH = "refurbish"
    SCRAP = "scrap"
    SEND_BACK = "send_back"
    TO_SUPPLIER = "to_supplier"


class ReturnDecision(AppendOnly):
    """Somebody authorized, rejected or cancelled a return."""

    id = IdField()
    rma = models.ForeignKey(Return, models.PROTECT, related_name="decisions")
    decision = models.CharField(max_length=10)
    reason = models.TextField(default="")
    by = models.UUIDField(null=True)
    at = models.DateTimeField()


class ReturnReceipt(AppendOnly):
    """Goods of a return came in. `unannounced` says in words what came besides."""

    id = IdField()
    rma = models.ForeignKey(Return, models.PROTECT, related_name="receipts")
    note = models.TextField(default="")
    unannounced = models.TextField(default="")
    is_last = models.BooleanField(default=False, help_text="Nothing more will come.")
    by = models.UUIDField(null=True)
    at = models.DateTimeField()


class ReturnReceiptLine(AppendOnly):
    id = IdField()
    receipt = models.ForeignKey(ReturnReceipt, models.PROTECT, related_name="lines")
    line = models.ForeignKey(ReturnLine, models.PROTECT, related_name="receipts")
    quantity = QuantityField()
    unit_cost = PriceField(null=True, help_text="Of one base unit, as it left.")


class ReturnInspection(AppendOnly):
    """What somebody found: so much of a line goes there. From refurbishing: the goods were being refurbished."""

    id = IdField()
    line = models.ForeignKey(ReturnLine, models.PROTECT, related_name="inspections")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    quantity = QuantityField()
    from_refurbishing = models.BooleanField(default=False)
    note = models.CharField(max_length=200, default="")
    by = models.UUIDField(null=True)
    at = models.DateTimeField()


class ReturnSettlement(AppendOnly):
    """How a return ended: by credit notes, and where goods were exchanged by a new order."""

    id = IdField()
    rma = models.OneToOneField(Return, models.PROTECT, related_name="settlement")
    way = models.CharField(max_length=12, help_text="credit, exchange, refund, or nothing: everything went back.")
    order = models.ForeignKey("sales.SalesOrder", models.PROTECT, null=True, related_name="+")
    fees_waived = models.BooleanField(default=False)
    note = models.TextField(default="")
    coupons = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()), help_text="Codes that can be used again."
    )
    by = models.UUIDField(null=True)
    at = models.DateTimeField()


class ReturnCreditNote(AppendOnly):
    """Which credit note settles a return."""

    id = IdField()
    settlement = models.ForeignKey(ReturnSettlement, models.PROTECT, related_name="notes")
    credit_note = models.OneToOneField("invoicing.Invoice", models.PROTECT, related_name="returned_by")


class ReturnCredit(AppendOnly):
    """How much of an order line a return line credits, in the order line's unit: of a part, its share of the bundle."""

    id = IdField()
    settlement = models.ForeignKey(ReturnSettlement, models.PROTECT, related_name="credits")
    line = models.OneToOneField(ReturnLine, models.PROTECT, related_name="credit")
    quantity = QuantityField()


class KeptGift(AppendOnly):
    """So much of a gift stayed with the customer though what it came with is back; `amount` was kept of the credit."""

    id = IdField()
    settlement = models.ForeignKey(ReturnSettlement, models.PROTECT, related_name="kept_gifts")
    order_line = models.ForeignKey("sales.SalesOrderLine", models.PROTECT, related_name="+")
    quantity = QuantityField()
    amount = AmountField()
