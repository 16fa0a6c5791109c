import pgtrigger
from django.db import models

from niaga.core.fields import AmountField, CurrencyField, IdField, PriceField, QuantityField
from niaga.pricing.models.price_list import WHOM, new_version
from niaga.pricing.rules.promotion import PromotionKind

_BOOK_COLUMNS = (
    "name", "kind", "currency", *WHOM, "valid_from", "valid_to", "weekdays", "from_time", "until_time", "priority",
    "exclusive", "by_coupon", "buy", "get", "most_times", "most_amount", "gift_product_id", "most_uses", "budget",
    "most_per_customer", "archived_at",
)  # fmt: skip
_OF_PROMOTION = "SELECT company_id FROM pricing_promotion WHERE id = {row}.promotion_id"


class Promotion(models.Model):
    """A change of prices on conditions; `pricing.rules.promotion.Promotion` says what each kind comes to."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in PromotionKind])
    currency = CurrencyField(default="IDR")
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, blank=True)
    group = models.ForeignKey("parties.CustomerGroup", models.PROTECT, null=True, blank=True)
    territory = models.ForeignKey("organization.Territory", models.PROTECT, null=True, blank=True)
    branch = models.ForeignKey("organization.Branch", models.PROTECT, null=True, blank=True)
    channel = models.ForeignKey("organization.Channel", models.PROTECT, null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text="Inclusive.")
    weekdays = models.SmallIntegerField(default=127, help_text="A bit for each day, Monday the lowest.")
    from_time = models.TimeField(null=True, blank=True)
    until_time = models.TimeField(null=True, blank=True, help_text="Not included.")
    priority = models.SmallIntegerField(default=0, help_text="Higher goes first.")
    exclusive = models.BooleanField(default=False)
    by_coupon = models.BooleanField(default=False)
    buy = QuantityField(default=0)
    get = QuantityField(default=0)
    most_times = models.PositiveIntegerField(null=True, blank=True)
    most_amount = AmountField(null=True, blank=True, help_text="At most so much off one document.")
    gift_product = models.ForeignKey("catalog.Product", models.PROTECT, null=True, blank=True, related_name="+")
    most_uses = models.PositiveIntegerField(null=True, blank=True, help_text="So many documents in all.")
    most_per_customer = models.PositiveIntegerField(null=True, blank=True)
    budget = AmountField(null=True, blank=True, help_text="So much off in all.")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)
    unpublished = models.BooleanField(default=False, help_text="Prepared aside and never in force; archived so far.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unpublished=False) | models.Q(archived_at__isnull=False),
                name="unpublished_promotion_holds_nowhere",
            ),
            models.CheckConstraint(
                condition=models.Q(weekdays__gte=1, weekdays__lte=127), name="some_promotion_weekday"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="promotion_days_in_order",
            ),
        ]
        indexes = [models.Index(fields=["company", "archived_at"], name="promotion_company")]
        triggers = [
            new_version(
                "new_book_on_promotion", pgtrigger.Insert | pgtrigger.UpdateOf(*_BOOK_COLUMNS),
                "SELECT NEW.company_id",
            ),
            new_version("new_book_without_promotion", pgtrigger.Delete, "SELECT OLD.company_id"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def is_limited(self) -> bool:
        """Whether its uses are counted: it may be used up."""
        return any(one is not None for one in (self.most_uses, self.most_per_customer, self.budget))


class PromotionScope(models.Model):
    """A part of the assortment in a promotion: what it is `on`, what it is never on, what is given, a bundle's part."""

    ROLES = ("on", "except", "get", "part")

    id = IdField()
    promotion = models.ForeignKey(Promotion, models.CASCADE, related_name="scopes")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=6, choices=[(role, role) for role in ROLES])
    product = models.ForeignKey("catalog.Product", models.CASCADE, null=True, blank=True)
    family = models.ForeignKey("catalog.ProductFamily", models.PROTECT, null=True, blank=True)
    category = models.ForeignKey("catalog.Category", models.PROTECT, null=True, blank=True)
    brand = models.CharField(max_length=80, default="", blank=True)
    quantity = QuantityField(default=0, help_text="Of a bundle's part, in base units.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promotion", "position"], name="one_promotion_scope_place"),
            models.CheckConstraint(
                condition=models.Q(product__isnull=True, family__isnull=True)
                | models.Q(product__isnull=True, category__isnull=True, brand="")
                | models.Q(family__isnull=True, category__isnull=True, brand=""),
                name="one_scope_of_a_promotion",
            ),
        ]
        triggers = [
            new_version("new_book_on_scope", pgtrigger.Insert | pgtrigger.Update, _OF_PROMOTION.format(row="NEW")),
            new_version("new_book_without_scope", pgtrigger.Delete, _OF_PROMOTION.format(row="OLD")),
        ]


class PromotionTier(models.Model):
    """From `least` on, `figure` holds; see `pricing.rules.promotion.Tier`."""

    id = IdField()
    promotion = models.ForeignKey(Promotion, models.CASCADE, related_name="tiers")
    least = AmountField(default=0)
    figure = PriceField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promotion", "least"], name="one_tier_from_there"),
            models.CheckConstraint(condition=models.Q(least__gte=0, figure__gte=0), name="tier_not_negative"),
        ]
        triggers = [
            new_version("new_book_on_tier", pgtrigger.Insert | pgtrigger.Update, _OF_PROMOTION.format(row="NEW")),
            new_version("new_book_without_tier", pgtrigger.Delete, _OF_PROMOTION.format(row="OLD")),
        ]
