from django.db import models

from niaga.core.fields import IdField, PercentField


class Fault(models.TextChoices):
    """Whose doing it is that goods come back."""

    OURS = "ours"
    CARRIER = "carrier"
    CUSTOMER = "customer"


class ReturnReason(models.Model):
    """Why something comes back: the company's own list, named in both languages."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    code = models.CharField(max_length=20)
    name_id = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    fault = models.CharField(max_length=8, choices=Fault.choices, default=Fault.OURS)
    fee_percent = PercentField(default=0, help_text="Restocking fee, of what is credited.")
    customer_pays_freight = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="one_return_reason"),
            models.CheckConstraint(
                condition=models.Q(fee_percent__gte=0, fee_percent__lte=100), name="return_fee_is_a_share"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name_id

    def name(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_id


class ReturnRule(models.Model):
    """What may come back, and for how long. Of the rules that fit a line the narrowest holds."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    name = models.CharField(max_length=80)
    group = models.ForeignKey("parties.CustomerGroup", models.PROTECT, null=True, related_name="+", db_index=False)
    category = models.ForeignKey("catalog.Category", models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.ForeignKey(ReturnReason, models.PROTECT, null=True, related_name="+", db_index=False)
    days = models.PositiveIntegerField(null=True, help_text="After the goods left; none: whenever.")
    conditions = models.JSONField(default=list, help_text="How the goods may be; none: any.")
    refused = models.BooleanField(default=False, help_text="Nothing of this comes back.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "group", "category", "reason"], name="one_return_rule", nulls_distinct=False
            )
        ]  # fmt: skip
