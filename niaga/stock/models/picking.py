from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import IdField, QuantityField
from niaga.stock.models.delivery import DeliveryLine, DeliveryPart
from niaga.stock.models.fleet import DeliveryRoute
from niaga.stock.models.warehouse import Warehouse


class PickList(models.Model):
    """What is fetched from the shelves in one walk, for all deliveries of a route."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    branch = models.ForeignKey("organization.Branch", models.PROTECT)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, db_index=False)
    route = models.OneToOneField(DeliveryRoute, models.PROTECT, related_name="pick_list")
    number = models.CharField(max_length=40)
    date = models.DateField()
    status = models.CharField(max_length=20, default="open", help_text="open, done")
    version = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="one_pick_list_number")]
        indexes = [models.Index(fields=["warehouse", "-date"], name="pick_list_day")]

    def __str__(self) -> str:
        return self.number


class PickLine(models.Model):
    """So much of a product to fetch for a delivery line, or for a part of its bundle; base units.

    `picked` stays empty until it was fetched; less than `quantity` is a short pick and has its reason.
    """

    id = IdField()
    pick_list = models.ForeignKey(PickList, models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveIntegerField(help_text="In walking order.")
    delivery_line = models.ForeignKey(DeliveryLine, models.CASCADE, related_name="picks")
    part = models.ForeignKey(DeliveryPart, models.CASCADE, null=True, db_index=False)
    product = models.ForeignKey("catalog.Product", models.PROTECT, db_index=False)
    place = models.CharField(max_length=40, default="", help_text="The shelf, as it was when the list was made.")
    quantity = QuantityField()
    picked = QuantityField(null=True)
    short_reason = models.CharField(max_length=200, default="", blank=True)
    picker_id = models.UUIDField(null=True, help_text="Who fetches it: nobody else can.")
    picked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(picked__isnull=True)
                | models.Q(picked__gte=0, picked__lte=models.F("quantity"), picker_id__isnull=False),
                name="picked_within_asked",
            ),
        ]
        indexes = [models.Index(fields=["pick_list", "position"], name="pick_walk")]


class PickRecord(AppendOnly):
    """What a picker said of a line. Its key is made by the phone, so that what is sent twice counts once."""

    id = IdField()
    company_id = models.UUIDField()
    line_id = models.UUIDField()
    quantity = QuantityField(help_text="Base units.")
    reason = models.CharField(max_length=200, default="")
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["line_id"], name="pick_record_line")]
