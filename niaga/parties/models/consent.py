from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import IdField
from niaga.parties.models.customer import Customer


class Consent(AppendOnly):
    """Given or withdrawn, per purpose; the latest row holds (UU PDP 27/2022)."""

    id = IdField()
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=40)
    given = models.BooleanField()
    source = models.CharField(max_length=80, default="")
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["customer", "purpose", "-at"], name="consent_latest")]
