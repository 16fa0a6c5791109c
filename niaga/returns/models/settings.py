from django.db import models

from niaga.core.fields import IdField


class Gifts(models.TextChoices):
    KEEP = "keep"
    CHARGE = "charge"


class Coupons(models.TextChoices):
    NEVER = "never"
    WHOLE = "whole"
    ASK = "ask"


class ReturnSettings(models.Model):
    """How a company treats what comes back; without a row the defaults hold."""

    id = IdField()
    company = models.OneToOneField("organization.Company", models.PROTECT)
    price_days = models.PositiveIntegerField(
        default=365, help_text="Without a document: so many days back the lowest price that was paid is looked for."
    )
    mails_slip = models.BooleanField(
        default=True, db_default=True, help_text="The return slip is mailed when a return is authorized."
    )
    gifts = models.CharField(
        max_length=6, default="keep", db_default="keep", choices=Gifts.choices,
        help_text="What becomes of gifts that came with what goes back and do not come back themselves.",
    )  # fmt: skip
    coupons = models.CharField(
        max_length=6, default="never", db_default="never", choices=Coupons.choices,
        help_text="Whether a coupon can be used again when what it was used on comes back.",
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(price_days__gte=1, price_days__lte=3650), name="return_price_days_within_ten_years"
            )
        ]
