"""What promotions and points leave on quotations and orders."""

from decimal import Decimal

from django.db import models

from niaga.core.fields import AmountField


class PromotedHeader(models.Model):
    coupon_codes = models.JSONField(default=list, help_text="Codes given for this document.")
    promotions = models.JSONField(
        default=list, help_text="Each with id, name, code, coupon_id and amount: what it takes off in all."
    )

    points_used = models.PositiveIntegerField(default=0, help_text="Loyalty points that pay a part.")
    points_amount = AmountField(default=0, help_text="What they take off, beside the document's own discount.")

    class Meta:
        abstract = True


class PromotedLine(models.Model):
    promotion_discount = AmountField(default=0, help_text="What of `discount_amount` promotions took off.")
    points_discount = AmountField(default=0, help_text="What of `document_discount` points took off.")
    gift_of = models.ForeignKey(
        "pricing.Promotion", models.PROTECT, null=True, db_index=False, related_name="+",
        help_text="The promotion that gives this line.",
    )  # fmt: skip

    class Meta:
        abstract = True

    @property
    def own_discount(self) -> Decimal:
        """What a person takes off the line, in money."""
        amount: Decimal = self.discount_amount  # type: ignore[attr-defined]
        return amount - self.promotion_discount
