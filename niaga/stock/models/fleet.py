from django.contrib.postgres.fields import ArrayField
from django.db import models

from niaga.core.bases import NeverDeleted
from niaga.core.fields import IdField, QuantityField, WeightField
from niaga.stock.models.delivery import Delivery
from niaga.stock.models.warehouse import Warehouse


class Vehicle(NeverDeleted):
    """One of the company's own vehicles, who drives it, how much it takes on a day, and where it usually goes."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, help_text="Where it is loaded.")
    plate = models.CharField(max_length=20, help_text="The number plate.")
    name = models.CharField(max_length=80, default="", blank=True)
    driver = models.CharField(max_length=120, default="", blank=True)
    driver_user_id = models.UUIDField(null=True, help_text="The driver's account, if there is one.")
    stops = models.PositiveIntegerField(default=30, help_text="How many deliveries fit on a day.")
    max_weight = WeightField(null=True, help_text="Kilograms it may carry on a day. Empty: no limit.")
    max_volume = QuantityField(null=True, help_text="Cubic metres that fit into it on a day. Empty: no limit.")
    zones = ArrayField(
        models.CharField(max_length=80), default=list, blank=True,
        help_text="Cities, districts, or the beginnings of post codes. None: wherever is left.",
    )  # fmt: skip
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta(NeverDeleted.Meta):
        constraints = [
            models.UniqueConstraint(fields=["company", "plate"], name="one_vehicle_plate"),
            models.CheckConstraint(
                condition=(models.Q(max_weight__isnull=True) | models.Q(max_weight__gt=0))
                & (models.Q(max_volume__isnull=True) | models.Q(max_volume__gt=0)),
                name="vehicle_carries_something",
            ),
        ]

    def __str__(self) -> str:
        return self.plate


class DeliveryRoute(models.Model):
    """What one vehicle brings on a day, stop after stop. Vehicle and driver are kept as they were planned."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, db_index=False)
    number = models.CharField(max_length=40)
    date = models.DateField()
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, null=True, help_text="None: what fits into no vehicle.")
    driver = models.CharField(max_length=120, default="", blank=True)
    driver_user_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="one_route_number")]
        indexes = [models.Index(fields=["warehouse", "-date"], name="route_day")]

    def __str__(self) -> str:
        return self.number


class RouteStop(models.Model):
    """A delivery's place in its route. A delivery goes with one route at most."""

    id = IdField()
    route = models.ForeignKey(DeliveryRoute, models.CASCADE, related_name="stops", db_index=False)
    delivery = models.OneToOneField(Delivery, models.CASCADE, related_name="stop")
    position = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["route", "position"], name="route_stops")]
