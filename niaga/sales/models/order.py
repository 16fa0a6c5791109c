from django.db import models

from niaga.core.bases import PricedHeader, PricedLine, lines_add_up
from niaga.core.fields import AmountField, IdField, QuantityField
from niaga.sales.models.promoted import PromotedHeader, PromotedLine


class Progress(models.TextChoices):
    """How far deliveries or invoices of an order are; cached on the order because lists filter by it."""

    NONE = "none"
    PARTIAL = "partial"
    DONE = "done"


class SalesOrder(PromotedHeader, PricedHeader):
    """A promise to a customer. `status` is the commercial axis; delivery, invoice and payment are axes of their own."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    branch = models.ForeignKey("organization.Branch", models.PROTECT)
    warehouse = models.ForeignKey("stock.Warehouse", models.PROTECT, db_index=False)
    number = models.CharField(max_length=40)
    status = models.CharField(max_length=20, default="draft", help_text="draft, confirmed, closed, cancelled")
    delivery_progress = models.CharField(max_length=8, choices=Progress.choices, default=Progress.NONE)
    invoice_progress = models.CharField(max_length=8, choices=Progress.choices, default=Progress.NONE)
    quotation = models.OneToOneField("sales.Quotation", models.PROTECT, null=True, related_name="order")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, db_index=False)
    contact = models.ForeignKey("parties.Contact", models.PROTECT, null=True, blank=True)
    salesperson = models.ForeignKey("organization.User", models.PROTECT, null=True)
    channel = models.ForeignKey("organization.Channel", models.PROTECT, null=True, db_index=False)
    payment_term = models.ForeignKey("parties.PaymentTerm", models.PROTECT, null=True, db_index=False)
    delivery_address = models.JSONField(default=dict)
    billing_address = models.JSONField(default=dict, help_text="Empty: the customer's own when it is invoiced.")
    date = models.DateField()
    planned_date = models.DateField(null=True, help_text="The day that is promised.")
    requested_date = models.DateField(null=True, help_text="The day the customer asked for.")
    customer_reference = models.CharField(max_length=60, default="", blank=True)
    note = models.TextField(default="", blank=True)
    exposure = AmountField(default=0, help_text="Of the base total, what open-order credit still holds.")
    version = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_date = models.DateField(null=True)

    class Meta:
        constraints = [
            *PricedHeader.money_checks("order", bound="confirmed"),
            models.UniqueConstraint(fields=["company", "number"], name="one_order_number"),
        ]
        indexes = [
            models.Index(fields=["company", "status", "-date", "-id"], name="order_by_status"),
            models.Index(fields=["company", "-date", "-id"], name="order_recent"),
            models.Index(fields=["customer", "-date"], name="order_customer"),
            models.Index(
                fields=["company", "planned_date"], name="order_to_ship",
                condition=models.Q(status="confirmed") & ~models.Q(delivery_progress="done"),
            ),
            models.Index(
                fields=["company", "confirmed_date"], name="order_booked",
                include=["base_total", "branch", "salesperson"],
                condition=models.Q(status__in=["confirmed", "closed"]),
            ),
        ]  # fmt: skip
        triggers = lines_add_up(lines="sales_salesorderline", key="order_id", statuses=("confirmed",))

    def __str__(self) -> str:
        return self.number


class SalesOrderLine(PromotedLine, PricedLine):
    """What was promised of a product. Shipped, invoiced and cancelled quantities are in the line's unit."""

    order = models.ForeignKey(SalesOrder, models.CASCADE, related_name="lines")
    product = models.ForeignKey("catalog.Product", models.PROTECT, null=True, db_index=False)
    unit = models.ForeignKey("catalog.Unit", models.PROTECT, null=True, db_index=False, db_constraint=False)
    tax_category = models.ForeignKey(
        "catalog.TaxCategory", models.PROTECT, null=True, db_index=False, db_constraint=False
    )
    planned_date = models.DateField(null=True, help_text="Where another day than the order's is promised.")
    requested_date = models.DateField(null=True, help_text="Where another day than the order's was asked for.")
    price_is_manual = models.BooleanField(default=False)
    needs_stock = models.BooleanField(default=True)
    in_delivery = QuantityField(default=0, help_text="In deliveries, shipped or not.")
    shipped = QuantityField(default=0)
    invoiced = QuantityField(default=0, help_text="In invoices, issued or draft.")
    cancelled = QuantityField(default=0)
    direct = QuantityField(
        default=0, db_default=0, help_text="A supplier was asked to send it straight to the customer, and has not yet."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(in_delivery__gte=0, shipped__gte=0, invoiced__gte=0, cancelled__gte=0)
                & models.Q(shipped__lte=models.F("in_delivery"))
                & models.Q(in_delivery__lte=models.F("quantity") - models.F("cancelled"))
                & models.Q(invoiced__lte=models.F("quantity")),
                name="order_line_within_promise",
            ),
            models.CheckConstraint(
                condition=models.Q(direct__gte=0)
                & models.Q(direct__lte=models.F("quantity") - models.F("cancelled") - models.F("in_delivery")),
                name="order_line_direct_within_promise",
            ),
            *PricedLine.money_checks("order_line"),
        ]
        indexes = [models.Index(fields=["product"], name="order_line_product")]
