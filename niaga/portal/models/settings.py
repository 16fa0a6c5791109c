from django.db import models

from niaga.core.fields import AmountField, IdField


class TakesOrders(models.TextChoices):
    OFF = "off"
    REQUEST = "request"
    ORDER = "order"


class PortalSettings(models.Model):
    """What a company shows its customers; without a row the defaults hold."""

    id = IdField()
    company = models.OneToOneField("organization.Company", models.PROTECT)
    is_open = models.BooleanField(default=True)
    shows_credit = models.BooleanField(default=False)
    takes_returns = models.BooleanField(default=True)
    takes_orders = models.CharField(
        max_length=8, default="off", db_default="off", choices=TakesOrders.choices,
        help_text="Whether customers order again there, and what becomes of it.",
    )  # fmt: skip
    shows_stock = models.BooleanField(default=False, db_default=False, help_text="Whether some is free, not how much.")
    least_order = AmountField(default=0, db_default=0, help_text="In the company's currency; nought: any.")
    whatsapp_template = models.CharField(
        max_length=120,
        default="",
        db_default="",
        blank=True,
        help_text="Bears the links; empty: no WhatsApp.",
    )
    welcome = models.CharField(max_length=300, default="", blank=True)
    version = models.PositiveIntegerField(default=1)
