from django.db import models

from niaga.core.fields import IdField
from niaga.organization.models.company import Company


class Channel(models.Model):
    """Where sales come from: sales team, store, web shop, telesales."""

    id = IdField()
    company = models.ForeignKey(Company, models.PROTECT, related_name="channels")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="one_channel_code")]

    def __str__(self) -> str:
        return self.name
