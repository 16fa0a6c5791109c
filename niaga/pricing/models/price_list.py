import pgtrigger
from django.db import models

from niaga.core.fields import CurrencyField, IdField, PercentField, PriceField, QuantityField

WHOM = ("customer_id", "tier_id", "group_id", "territory_id", "branch_id", "channel_id")
"""What a price list can be made for; of several it needs all."""

_NEW_VERSION = """
    INSERT INTO pricing_rulebookversion (company_id, version)
    SELECT company_id, gen_random_uuid() FROM ({found}) f
        ON CONFLICT (company_id) DO UPDATE SET version = excluded.version;
    RETURN NULL;
"""
_BOOK_COLUMNS = (
    "name", "currency", "prices_include_tax", *WHOM, "valid_from", "valid_to", "weekdays", "from_time", "until_time",
    "priority", "archived_at",
)  # fmt: skip


def new_version(name: str, operation: pgtrigger.Operation, found: str) -> pgtrigger.Trigger:
    """Whatever changes a list or a rule, by whatever way, makes a new version of the company's rule book."""
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.After, operation=operation, func=_NEW_VERSION.format(found=found)
    )


class PriceList(models.Model):
    """Prices between two dates, for whom the list names: all it names together, everybody when it names nobody."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    currency = CurrencyField(default="IDR")
    prices_include_tax = models.BooleanField(null=True, blank=True, help_text="Null: as the company's prices do.")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, blank=True)
    tier = models.ForeignKey("pricing.LoyaltyTier", models.PROTECT, null=True, blank=True)
    group = models.ForeignKey("parties.CustomerGroup", models.PROTECT, null=True, blank=True)
    territory = models.ForeignKey("organization.Territory", models.PROTECT, null=True, blank=True)
    branch = models.ForeignKey("organization.Branch", models.PROTECT, null=True, blank=True)
    channel = models.ForeignKey("organization.Channel", models.PROTECT, null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text="Inclusive.")
    weekdays = models.SmallIntegerField(default=127, help_text="A bit for each day, Monday the lowest.")
    from_time = models.TimeField(null=True, blank=True)
    until_time = models.TimeField(
        null=True, blank=True, help_text="Not included; before `from_time` it is reached past midnight."
    )
    priority = models.SmallIntegerField(default=0, help_text="Higher wins.")
    version = models.PositiveIntegerField(default=1)
    import_batch_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    unpublished = models.BooleanField(default=False, help_text="Prepared aside and never in force; archived so far.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="one_price_list_code"),
            models.CheckConstraint(condition=models.Q(weekdays__gte=1, weekdays__lte=127), name="some_weekday"),
            models.CheckConstraint(
                condition=models.Q(unpublished=False) | models.Q(archived_at__isnull=False),
                name="unpublished_holds_nowhere",
            ),
        ]
        triggers = [
            new_version(
                "new_book_on_list", pgtrigger.Insert | pgtrigger.UpdateOf(*_BOOK_COLUMNS), "SELECT NEW.company_id"
            ),
            new_version("new_book_without_list", pgtrigger.Delete, "SELECT OLD.company_id"),
        ]

    def __str__(self) -> str:
        return self.name


class PriceListEntry(models.Model):
    """The price of one base unit, or of one `unit` where it is named, from `min_quantity` of the same on."""

    id = IdField()
    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="entries")
    product = models.ForeignKey("catalog.Product", models.CASCADE)
    unit = models.ForeignKey("catalog.Unit", models.PROTECT, null=True, blank=True, db_index=False)
    min_quantity = QuantityField(default=0)
    price = PriceField()
    import_batch_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "product", "unit", "min_quantity"], name="one_price_per_break",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="list_price_not_negative"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["product", "price_list"], name="price_entry_product")]


class PriceListRule(models.Model):
    """A formula of a list for a part of the assortment; see `pricing.rules.book.PriceRule` for what it comes to."""

    id = IdField()
    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey("catalog.Product", models.CASCADE, null=True, blank=True)
    family = models.ForeignKey("catalog.ProductFamily", models.PROTECT, null=True, blank=True)
    category = models.ForeignKey("catalog.Category", models.PROTECT, null=True, blank=True)
    brand = models.CharField(max_length=80, default="", blank=True)
    unit = models.ForeignKey("catalog.Unit", models.PROTECT, null=True, blank=True, db_index=False)
    min_quantity = QuantityField(default=0)
    basis = models.CharField(max_length=10, choices=[("price", "price"), ("cost", "cost"), ("list", "list")])
    base_list = models.ForeignKey(PriceList, models.PROTECT, null=True, blank=True, related_name="stands_below")
    percent = PercentField(default=0)
    surcharge = PriceField(default=0)
    round_to = PriceField(null=True, blank=True)
    round_minus = PriceField(default=0)
    least_margin = PercentField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["price_list", "position"], name="one_rule_per_position"),
            models.UniqueConstraint(
                fields=["price_list", "product", "family", "category", "brand", "unit", "min_quantity"],
                name="one_rule_per_scope", nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(basis="list", base_list__isnull=False)
                | models.Q(~models.Q(basis="list"), base_list__isnull=True),
                name="a_list_below_when_based_on_one",
            ),
            models.CheckConstraint(
                condition=models.Q(product__isnull=True, family__isnull=True)
                | models.Q(product__isnull=True, category__isnull=True, brand="")
                | models.Q(family__isnull=True, category__isnull=True, brand=""),
                name="one_scope_of_a_rule",
            ),
            models.CheckConstraint(
                condition=models.Q(least_margin__isnull=True) | models.Q(least_margin__gte=0, least_margin__lt=100),
                name="margin_below_hundred",
            ),
        ]  # fmt: skip
        triggers = [
            new_version(
                "new_book_on_rule", pgtrigger.Insert | pgtrigger.Update,
                "SELECT company_id FROM pricing_pricelist WHERE id = NEW.price_list_id",
            ),
            new_version(
                "new_book_without_rule", pgtrigger.Delete,
                "SELECT company_id FROM pricing_pricelist WHERE id = OLD.price_list_id",
            ),
        ]  # fmt: skip


class RuleBookVersion(models.Model):
    """Which state a company's lists and rules are in: a new `version` with every change, never one that was before."""

    company = models.OneToOneField("organization.Company", models.CASCADE, primary_key=True)
    version = models.UUIDField()
