from django.db import models

from niaga.core.fields import IdField


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
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(price_days__gte=1, price_days__lte=3650), name="return_price_days_within_ten_years"
            )
        ]
