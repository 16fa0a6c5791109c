from django.db import models

from niaga.core.fields import AmountField, IdField
from niaga.pricing.models.promotion import Promotion


class Coupon(models.Model):
    """A code that opens a promotion, with limits of its own beside the promotion's."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    promotion = models.ForeignKey(Promotion, models.PROTECT, related_name="coupons")
    code = models.CharField(max_length=40, help_text="In capitals.")
    customer = models.ForeignKey(
        "parties.Customer", models.PROTECT, null=True, blank=True, help_text="For this customer only."
    )
    valid_to = models.DateField(null=True, blank=True, help_text="Inclusive.")
    most_uses = models.PositiveIntegerField(null=True, blank=True)
    most_per_customer = models.PositiveIntegerField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="one_coupon_code"),
            models.CheckConstraint(
                condition=models.Q(most_uses__isnull=True) | models.Q(uses__lte=models.F("most_uses")),
                name="coupon_within_its_uses",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PromotionUsage(models.Model):
    """How often a promotion was used and how much it took off in all. The lock for its limits."""

    promotion = models.OneToOneField(Promotion, models.CASCADE, primary_key=True, related_name="usage")
    uses = models.PositiveIntegerField(default=0)
    amount = AmountField(default=0)


class PromotionUse(models.Model):
    """A promotion on one confirmed document; given back when that is cancelled."""

    id = IdField()
    promotion = models.ForeignKey(Promotion, models.PROTECT, related_name="uses")
    coupon = models.ForeignKey(Coupon, models.PROTECT, null=True)
    source_kind = models.CharField(max_length=20)
    source_id = models.UUIDField()
    number = models.CharField(max_length=40, default="", blank=True)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True)
    amount = AmountField(default=0)
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_id", "promotion"], name="one_use_of_a_promotion",
                condition=models.Q(released_at__isnull=True),
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["promotion", "customer"], name="use_by_customer")]
