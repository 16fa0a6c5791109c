from decimal import Decimal

import pgtrigger
from django.db import models

from niaga.core.fields import CurrencyField, IdField, PercentField, PriceField, QuantityField
from niaga.returns.models.reason import ReturnReason


class ReturnKind(models.TextChoices):
    GOODS = "goods"
    CLAIM = "claim"


class Condition(models.TextChoices):
    """How the goods are, as the customer says."""

    UNOPENED = "unopened"
    OPENED = "opened"
    DAMAGED = "damaged"


class Return(models.Model):
    """What a customer gives back of an order, or claims off its price without giving anything back; of no order where
    nobody knows which (`without_document`), until one is found."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    branch = models.ForeignKey("organization.Branch", models.PROTECT)
    warehouse = models.ForeignKey("stock.Warehouse", models.PROTECT, db_index=False, help_text="Where it comes to.")
    supplier = models.ForeignKey(
        "stock.Supplier", models.PROTECT, null=True, related_name="+",
        help_text="The customer sends it straight to them; none: it comes to the warehouse.",
    )  # fmt: skip
    customer = models.ForeignKey("parties.Customer", models.PROTECT, db_index=False)
    salesperson_id = models.UUIDField(null=True)
    order = models.ForeignKey(
        "sales.SalesOrder", models.PROTECT, null=True, related_name="returns",
        help_text="None: it came without a document, and none was found yet.",
    )  # fmt: skip
    order_number = models.CharField(max_length=40, default="", blank=True)
    kind = models.CharField(max_length=8, choices=ReturnKind.choices, default=ReturnKind.GOODS)
    status = models.CharField(max_length=12, default="requested")
    number = models.CharField(max_length=40, null=True, help_text="Drawn when it is authorized.")
    source = models.CharField(max_length=12, default="page", help_text="Where it was asked for: page, api, portal …")
    asked_by = models.CharField(max_length=120, default="", blank=True, help_text="Who at the customer asked.")
    wish = models.CharField(max_length=12, default="credit", help_text="What the customer would like.")
    currency = CurrencyField()
    date = models.DateField(help_text="The branch's day on which it was asked for.")
    note = models.TextField(default="", blank=True)
    outside_policy = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    slip_sent_at = models.DateTimeField(null=True, help_text="When its slip was mailed last.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="one_return_number"),
            models.CheckConstraint(
                condition=models.Q(status__in=["requested", "rejected", "cancelled"]) | models.Q(number__isnull=False),
                name="authorized_return_has_number",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-date", "-id"], name="return_recent"),
            models.Index(fields=["company", "status", "-date"], name="return_by_status"),
            models.Index(fields=["customer", "-date"], name="return_customer"),
        ]

    def __str__(self) -> str:
        return self.number or "…"

    @property
    def without_document(self) -> bool:
        return self.order_id is None


_NEVER_MORE_THAN_SHIPPED = """
DECLARE left_us numeric; whole numeric; too_much boolean;
BEGIN
  SELECT shipped INTO left_us FROM sales_salesorderline WHERE id = NEW.order_line_id FOR UPDATE;
  SELECT coalesce(sum(held), 0) INTO whole FROM returns_returnline
   WHERE order_line_id = NEW.order_line_id AND part_each IS NULL;
  SELECT bool_or(p.held + whole * p.part_each > left_us * p.part_each) INTO too_much
    FROM (SELECT part_each, sum(held) AS held FROM returns_returnline
           WHERE order_line_id = NEW.order_line_id AND part_each IS NOT NULL GROUP BY product_id, part_each) p;
  IF whole > left_us OR coalesce(too_much, false) THEN
    RAISE EXCEPTION 'more would come back of order line % than left', NEW.order_line_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END;
"""


class ReturnLine(models.Model):
    """What of an order line comes back: the line's product, or a part of its bundle, in `unit`.

    `held` is what counts against what was shipped: all that is announced, later what came and stayed. It never passes
    what left, whoever writes. What became of the goods is the sum of inspections.
    """

    id = IdField()
    rma = models.ForeignKey(Return, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    order_line = models.ForeignKey("sales.SalesOrderLine", models.PROTECT, null=True, related_name="return_lines")
    unit_price = PriceField(null=True, help_text="Without a document: what is credited for one unit; no tax in it.")
    price_basis = models.JSONField(default=dict, help_text="Where that price is from: whose, which day and invoice.")
    product = models.ForeignKey("catalog.Product", models.PROTECT)
    part_each = QuantityField(null=True, help_text="A part of a bundle: base units in one unit of the order line.")
    description = models.TextField(default="")
    unit = models.ForeignKey("catalog.Unit", models.PROTECT, db_index=False, db_constraint=False)
    factor = QuantityField(default=1)
    quantity = QuantityField(help_text="Announced.")
    percent = PercentField(null=True, help_text="A claim: what of the line's price is asked back.")
    reason = models.ForeignKey(ReturnReason, models.PROTECT, related_name="+")
    condition = models.CharField(max_length=10, choices=Condition.choices, default=Condition.UNOPENED)
    note = models.CharField(max_length=200, default="", blank=True)
    fee_percent = PercentField(default=0)
    verdict = models.JSONField(default=dict, help_text="What the policy said of it, and by which rule.")
    held = QuantityField(default=0)
    received = QuantityField(default=0)
    restocked = QuantityField(default=0)
    refurbishing = QuantityField(default=0)
    scrapped = QuantityField(default=0)
    sent_back = QuantityField(default=0)
    at_supplier = QuantityField(
        default=0, db_default=0, help_text="Taken back by a supplier: sent there by the customer, or by us."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    quantity__gt=0, held__gte=0, received__gte=0, restocked__gte=0, refurbishing__gte=0,
                    scrapped__gte=0, sent_back__gte=0, at_supplier__gte=0, held__lte=models.F("quantity"),
                    received__lte=models.F("quantity"),
                )
                & models.Q(
                    received__gte=models.F("restocked") + models.F("refurbishing") + models.F("scrapped")
                    + models.F("sent_back") + models.F("at_supplier")
                ),
                name="return_line_within_announced",
            ),
            models.CheckConstraint(
                condition=models.Q(percent=None) | models.Q(percent__gt=0, percent__lte=100, held=0, received=0),
                name="claim_moves_no_goods",
            ),
            models.CheckConstraint(
                condition=models.Q(order_line__isnull=False)
                | models.Q(unit_price__gte=0, percent=None, part_each=None),
                name="return_line_is_of_an_order_or_priced",
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Trigger(
                name=f"never_more_than_shipped_{word}", when=pgtrigger.After, operation=operation,
                condition=pgtrigger.Condition("NEW.held > 0"), func=pgtrigger.Func(_NEVER_MORE_THAN_SHIPPED),
            )
            for word, operation in (("new", pgtrigger.Insert), ("changed", pgtrigger.UpdateOf("held", "order_line_id")))
        ]  # fmt: skip

    @property
    def undecided(self) -> Decimal:
        """What came and nobody said yet what becomes of it."""
        decided = self.restocked + self.refurbishing + self.scrapped + self.sent_back + self.at_supplier
        return self.received - decided

    @property
    def kept(self) -> Decimal:
        """What came and was not sent back: this is credited."""
        return self.received - self.sent_back
