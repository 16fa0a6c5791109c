from django.contrib.postgres.fields import ArrayField
from django.db import models

from niaga.core.bases import NeverDeleted
from niaga.core.fields import IdField
from niaga.stock.models.warehouse import Warehouse
from niaga.stock.rules.day_load import COUNTED, Measure


def no_limits() -> list[None]:
    """For no weekday."""
    return [None] * 7


class WarehouseCapacity(NeverDeleted):
    """How much can leave a warehouse on a day. A warehouse without one takes whatever it is asked for on any day."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    warehouse = models.OneToOneField(Warehouse, models.PROTECT, related_name="capacity")
    is_active = models.BooleanField(default=True)
    measure = models.CharField(
        max_length=8, choices=[(one.value, one.value.title()) for one in COUNTED], default=Measure.ORDERS.value
    )
    open_days = ArrayField(models.PositiveSmallIntegerField(), help_text="Weekdays, 0: Monday.")
    limits = ArrayField(
        models.PositiveIntegerField(null=True), size=7, help_text="By weekday from Monday on. Empty: no limit."
    )
    weight_limits = ArrayField(
        models.PositiveIntegerField(null=True), size=7, default=no_limits, help_text="In kilograms, beside the others."
    )
    volume_limits = ArrayField(
        models.PositiveIntegerField(null=True), size=7, default=no_limits, help_text="In cubic metres."
    )
    rests_on_holidays = models.BooleanField(default=True, help_text="Closed on the public holidays of the country.")
    lead_days = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Open days between an order and its leaving."
    )
    cut_off = models.TimeField(
        null=True, help_text="From this hour of the branch on an order counts as of the next day."
    )
    updated_at = models.DateTimeField()


class CapacityDay(models.Model):
    """A day that is not as its weekday: closed, or with a limit of its own, and why."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="capacity_days", db_index=False)
    date = models.DateField()
    is_closed = models.BooleanField(default=True)
    limit = models.PositiveIntegerField(null=True, help_text="Of an open day. Empty: no limit.")
    weight_limit = models.PositiveIntegerField(null=True, help_text="Kilograms of an open day. Empty: its weekday's.")
    volume_limit = models.PositiveIntegerField(null=True, help_text="Cubic metres. Empty: its weekday's.")
    reason = models.CharField(max_length=120, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["warehouse", "date"], name="one_capacity_day")]
