from django.db import models

from niaga.core.fields import AmountField, IdField, PercentField
from niaga.sales.models.billing import BillingCause
from niaga.sales.models.order import SalesOrder


class Milestone(models.Model):
    """A part of an order that is billed on a day or on somebody's word: a share of it or an amount with its tax. All
    but the last are down payments; the last bills the order and takes them off, so that it is the rest."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    order = models.ForeignKey(SalesOrder, models.CASCADE, related_name="milestones", db_index=False)
    position = models.PositiveSmallIntegerField(help_text="The first of its order is 1.")
    name = models.CharField(max_length=80)
    percent = PercentField(null=True)
    amount = AmountField(null=True, help_text="With its tax, in the order's currency.")
    date = models.DateField(null=True, help_text="When it is billed by itself; none: on somebody's word.")
    cause = models.OneToOneField(BillingCause, models.PROTECT, null=True, related_name="milestone")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="one_milestone_position"),
            models.CheckConstraint(
                condition=models.Q(percent__isnull=True, amount__gt=0)
                | models.Q(amount__isnull=True, percent__gt=0, percent__lte=100),
                name="a_milestone_is_a_share_or_an_amount",
            ),
        ]
        indexes = [
            models.Index(fields=["date"], name="milestone_by_day", condition=models.Q(cause=None, date__isnull=False))
        ]
