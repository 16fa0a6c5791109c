from django.db import models

from niaga.core.fields import AmountField, IdField
from niaga.sales.models.order import SalesOrder


class OrderInvoice(models.Model):
    """An invoice of an order where lines do not tell it: a down payment, or one invoice of several orders.

    `open_amount` is what it took of the order's exposure, in the company's own currency.
    """

    id = IdField()
    order = models.ForeignKey(SalesOrder, models.PROTECT, related_name="invoice_links")
    invoice = models.ForeignKey("invoicing.Invoice", models.PROTECT, related_name="order_links")
    open_amount = AmountField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "invoice"], name="one_link_per_invoice")]
