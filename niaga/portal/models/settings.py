from django.db import models

from niaga.core.fields import IdField


class PortalSettings(models.Model):
    """What a company shows its customers; without a row the defaults hold."""

    id = IdField()
    company = models.OneToOneField("organization.Company", models.PROTECT)
    is_open = models.BooleanField(default=True)
    shows_credit = models.BooleanField(default=False)
    takes_returns = models.BooleanField(default=True)
    welcome = models.CharField(max_length=300, default="", blank=True)
    version = models.PositiveIntegerField(default=1)
