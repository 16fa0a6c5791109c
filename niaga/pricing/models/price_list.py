from django.db import models

from niaga.core.fields import CurrencyField, IdField, PriceField, QuantityField

WHOM = ("customer_id", "group_id", "territory_id", "branch_id", "channel_id")
"""What a price list can be made for; of several it needs all."""


class PriceList(models.Model):
    """Prices between two dates, for whom the list names: all it names together, everybody when it names nobody."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    currency = CurrencyField(default="IDR")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, blank=True)
    group = models.ForeignKey("parties.CustomerGroup", models.PROTECT, null=True, blank=True)
    territory = models.ForeignKey("organization.Territory", models.PROTECT, null=True, blank=True)
    branch = models.ForeignKey("organization.Branch", models.PROTECT, null=True, blank=True)
    channel = models.ForeignKey("organization.Channel", models.PROTECT, null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text="Inclusive.")
    priority = models.SmallIntegerField(default=0, help_text="Higher wins.")
    version = models.PositiveIntegerField(default=1)
    import_batch_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="one_price_list_code")]

    def __str__(self) -> str:
        return self.name


class PriceListEntry(models.Model):
    """The price of one base unit from `min_quantity` base units on."""

    id = IdField()
    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="entries")
    product = models.ForeignKey("catalog.Product", models.CASCADE)
    min_quantity = QuantityField(default=0)
    price = PriceField()
    import_batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["price_list", "product", "min_quantity"], name="one_price_per_break"),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="list_price_not_negative"),
        ]
        indexes = [models.Index(fields=["product", "price_list"], name="price_entry_product")]
