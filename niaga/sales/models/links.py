from django.db import models

from niaga.core.fields import IdField, QuantityField
from niaga.sales.models.order import SalesOrderLine


class OrderLineDelivery(models.Model):
    """Which delivery line fulfils which order line, and how much of it, in the order line's unit."""

    id = IdField()
    order_line = models.ForeignKey(SalesOrderLine, models.PROTECT, related_name="deliveries")
    delivery_line = models.ForeignKey("stock.DeliveryLine", models.CASCADE, related_name="order_links")
    quantity = QuantityField()


class OrderLineInvoice(models.Model):
    """Which invoice line bills which order line, and how much of it, in the order line's unit."""

    id = IdField()
    order_line = models.ForeignKey(SalesOrderLine, models.PROTECT, related_name="invoices")
    invoice_line = models.ForeignKey("invoicing.InvoiceLine", models.CASCADE, related_name="order_links")
    quantity = QuantityField()
