from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import IdField
from niaga.shipping.models.visit import DeliveryVisit


class PositionConsent(AppendOnly):
    """A driver said yes or no to having kept where the phone is at a door; the newest holds."""

    id = IdField()
    company_id = models.UUIDField()
    user_id = models.UUIDField()
    is_given = models.BooleanField()
    days = models.PositiveSmallIntegerField(help_text="So long it was said to be kept.")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["user_id", "company_id", "-at"], name="consent_newest")]


class DoorReport(AppendOnly):
    """What a phone told of a door and could not be taken as a visit: handed to the office, with what proves it."""

    id = IdField(help_text="The visit's key.")
    company_id = models.UUIDField()
    delivery = models.ForeignKey("stock.Delivery", models.PROTECT, related_name="door_reports")
    told = models.JSONField(help_text="The visit as the phone told it, without pictures.")
    photo_ids = models.JSONField(default=list, help_text="Attachments of the delivery.")
    signature_id = models.UUIDField(null=True, help_text="The attachment.")
    code = models.CharField(max_length=40, help_text="Why it was refused.")
    words = models.CharField(max_length=300, default="")
    at = models.DateTimeField(help_text="By the phone.")
    received_at = models.DateTimeField()
    by = models.UUIDField(null=True)

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["company_id", "-received_at"], name="door_reports")]


class DoorReportEnd(AppendOnly):
    """The office took a report as a visit, or closed it with a word why not."""

    id = IdField()
    company_id = models.UUIDField()
    report = models.OneToOneField(DoorReport, models.PROTECT, related_name="end")
    visit = models.ForeignKey(DeliveryVisit, models.PROTECT, null=True)
    note = models.CharField(max_length=300, default="")
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
