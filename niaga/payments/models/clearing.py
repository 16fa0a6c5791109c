from django.db import models

from niaga.core.fields import IdField
from niaga.payments.models.payment import Payment


class GiroClearing(models.Model):
    """The bank paid a giro: its money moved from the drawer to the account."""

    id = IdField()
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="clearing")
    date = models.DateField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
