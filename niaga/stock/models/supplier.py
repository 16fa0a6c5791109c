from django.db import models
from django.db.models import Q

from niaga.core.fields import IdField, PriceField


class Supplier(models.Model):
    """Who sends goods straight to customers, and where they are asked to."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    name = models.CharField(max_length=120)
    contact = models.CharField(max_length=120, default="", blank=True)
    email = models.EmailField(default="", blank=True, help_text="Where requests are mailed to.")
    phone = models.CharField(max_length=40, default="", blank=True)
    address = models.TextField(default="", blank=True)
    language = models.CharField(max_length=2, default="id", help_text="Of requests: id or en.")
    lead_days = models.PositiveSmallIntegerField(default=3, help_text="Days from asking to sending, usually.")
    mails_at_once = models.BooleanField(default=False, help_text="Requests are mailed when their order is confirmed.")
    version = models.PositiveIntegerField(default=1)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="one_supplier_name"),
            models.CheckConstraint(condition=Q(lead_days__lte=365), name="supplier_within_a_year"),
        ]

    def __str__(self) -> str:
        return self.name


class Supply(models.Model):
    """A product's way of supply: it goes straight from a supplier to who buys it. Without a row it is kept here."""

    id = IdField()
    product = models.OneToOneField("catalog.Product", models.PROTECT, related_name="supply")
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="supplies")
    code = models.CharField(max_length=40, default="", blank=True, help_text="What the supplier calls it.")
    unit_cost = PriceField(null=True, blank=True, help_text="Agreed, of one base unit, in the company's currency.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(unit_cost=None) | Q(unit_cost__gte=0), name="supply_cost_not_negative")
        ]
