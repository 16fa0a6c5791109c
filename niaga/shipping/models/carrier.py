from django.contrib.postgres.fields import ArrayField
from django.db import models

from niaga.core.bases import NeverDeleted
from niaga.core.fields import IdField


class Carrier(NeverDeleted):
    """Who brings the goods: the own fleet, a courier entered by hand, or one that is spoken to over HTTP.

    Its keys are sealed with the installation's own.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    kind = models.CharField(max_length=20, help_text="`own`, `by_hand`, `rest`.")
    name = models.CharField(max_length=80)
    services = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    tracking_url = models.CharField(
        max_length=300, default="", blank=True, help_text="The courier's own page; {number} becomes the number."
    )
    base_url = models.CharField(max_length=300, default="", blank=True, help_text="Where it is asked.")
    secret = models.TextField(default="", blank=True, help_text="Sealed: proves our calls and theirs.")
    hook_path = models.CharField(max_length=43, unique=True, help_text="The unguessable part of the address it calls.")
    refused_calls = models.PositiveIntegerField(default=0, help_text="Calls that proved nothing.")
    refused_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta(NeverDeleted.Meta):
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="one_carrier_name")]

    def __str__(self) -> str:
        return self.name


class ShippingSetting(models.Model):
    """What a company wants told and kept. Without a row the defaults hold."""

    company = models.OneToOneField("organization.Company", models.PROTECT, primary_key=True)
    tells_customer = models.BooleanField(default=True, help_text="Mail the tracking page when goods leave.")
    position_days = models.PositiveSmallIntegerField(
        default=90, help_text="So long it is kept where a driver stood; 0: it is never kept."
    )

    names_receiver = models.BooleanField(
        default=True, db_default=True, help_text="The customer's page names who took the goods."
    )
    asks_signature = models.BooleanField(default=False, db_default=False, help_text="No arrival without it.")
    asks_photo = models.BooleanField(default=False, db_default=False, help_text="No arrival without one.")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(position_days__lte=365), name="position_kept_shortly")]
