import pgtrigger
from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import AmountField, CurrencyField, IdField
from niaga.shipping.models.carrier import Carrier
from niaga.shipping.rules.shipment_flow import OPEN, Status


class Shipment(models.Model):
    """A delivery in the hands of a carrier. Its id is the key under which the carrier knows it."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    branch = models.ForeignKey("organization.Branch", models.PROTECT, db_index=False)
    delivery = models.ForeignKey("stock.Delivery", models.PROTECT, related_name="shipments")
    carrier = models.ForeignKey(Carrier, models.PROTECT)
    salesperson_id = models.UUIDField(null=True)
    status = models.CharField(max_length=12, default=Status.QUEUED.value)
    version = models.PositiveIntegerField(default=1)
    service = models.CharField(max_length=60, default="", blank=True)
    parcels = models.PositiveSmallIntegerField(default=1)
    weight_grams = models.PositiveIntegerField(default=1_000)
    pickup_date = models.DateField(null=True)
    rates = models.JSONField(default=list, help_text="What the carrier offered: service, label, cost, days.")
    currency = CurrencyField()
    cost = AmountField(null=True, help_text="What the carrier takes; none: not known.")
    tracking = models.CharField(max_length=80, default="", blank=True)
    provider_id = models.CharField(max_length=80, default="", blank=True)
    has_label = models.BooleanField(default=False, help_text="The carrier has a label to be fetched.")
    expected_date = models.DateField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True, help_text="When the last hand-over began.")
    asks = models.PositiveSmallIntegerField(default=0)
    next_ask_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, default="", help_text="Why it is not simply booked; see `web.words`.")
    error = models.TextField(default="", help_text="The carrier's own words.")
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["delivery"], name="one_open_shipment",
                condition=models.Q(status__in=[status.value for status in OPEN]),
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=[status.value for status in Status]), name="shipment_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(parcels__gte=1, weight_grams__gte=1), name="shipment_weighs_something"
            ),
            models.CheckConstraint(condition=models.Q(cost=None) | models.Q(cost__gte=0), name="freight_not_negative"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["company", "-created_at", "-id"], name="shipment_recent"),
            models.Index(
                fields=["status", "next_ask_at"], name="shipment_waiting",
                condition=~models.Q(status__in=["delivered", "cancelled", "returned"]),
            ),
            models.Index(fields=["tracking"], name="shipment_tracking"),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Protect(name="shipment_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="shipment_brings_the_same", fields=["delivery", "carrier", "company"]),
        ]


class ShipmentEvent(AppendOnly):
    """One thing that happened to a shipment. Told twice by the carrier, it is here once."""

    id = IdField()
    company_id = models.UUIDField()
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="events", db_index=False)
    key = models.CharField(max_length=80, help_text="The carrier's own.")
    state = models.CharField(max_length=12)
    words = models.CharField(max_length=200, default="")
    place = models.CharField(max_length=120, default="")
    at = models.DateTimeField()
    told_at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta(AppendOnly.Meta):
        constraints = [models.UniqueConstraint(fields=["shipment", "key"], name="one_shipment_event")]


class ShipmentLabel(AppendOnly):
    """The label as the carrier gave it, kept as bytes with its hash."""

    id = IdField()
    company_id = models.UUIDField()
    shipment = models.OneToOneField(Shipment, models.PROTECT, related_name="label")
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    at = models.DateTimeField()
