from django.db import models

from niaga.catalog.models.settings_version import OF_TAX_CATEGORY, new_on_change, new_on_delete
from niaga.core.bases import NeverDeleted
from niaga.core.fields import IdField, PercentField


class TaxCategory(NeverDeleted):
    """How goods are taxed: general, luxury, exempt. Its rates are rows with dates, never constants."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    add_info = models.CharField(
        max_length=12, default="", blank=True, help_text="Keterangan tambahan, TD.005xx: with codes 07 and 08."
    )
    facility_stamp = models.CharField(
        max_length=12, default="", blank=True, help_text="Cap fasilitas, TD.011xx: with codes 07 and 08."
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta(NeverDeleted.Meta):
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="one_tax_category_code")]
        triggers = [*NeverDeleted.Meta.triggers, new_on_change("code")]

    def __str__(self) -> str:
        return self.name


class TaxRate(models.Model):
    """The rate from a date on, for deliveries to a place.

    Tax = `percent` of (`base_numerator` / `base_denominator` x net), each rounded.
    """

    id = IdField()
    category = models.ForeignKey(TaxCategory, models.CASCADE, related_name="rates")
    valid_from = models.DateField()
    transaction_code = models.CharField(
        max_length=2, blank=True, help_text="Kode transaksi, 01 to 10; none outside of Indonesia."
    )
    percent = PercentField()
    base_numerator = models.PositiveSmallIntegerField(default=1)
    base_denominator = models.PositiveSmallIntegerField(default=1)
    luxury_percent = PercentField(default=0, help_text="PPnBM.")
    country = models.CharField(
        max_length=2, default="", blank=True, help_text="Of delivery; * is abroad, empty everywhere else."
    )
    region = models.CharField(
        max_length=120, default="", blank=True, help_text="Province or state of delivery; several with commas between."
    )
    with_tax_number = models.BooleanField(default=False, help_text="Only for buyers who have a tax number.")
    note = models.CharField(max_length=200, default="", blank=True, help_text="Printed on documents, such as why 0 %.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["category", "valid_from", "country", "region", "with_tax_number"], name="one_rate_per_day"
            )
        ]
        triggers = [new_on_change(whose=OF_TAX_CATEGORY), new_on_delete(whose=OF_TAX_CATEGORY)]
