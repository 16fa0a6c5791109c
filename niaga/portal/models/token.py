from django.db import models
from django.db.models import F, Q

from niaga.core.fields import IdField
from niaga.portal.models.access import PortalAccess


class PortalToken(models.Model):
    """A program of a customer's person works as they do, for one customer. Only its hash is kept."""

    id = IdField()
    access = models.ForeignKey(PortalAccess, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80, help_text="What for, in the customer's words.")
    may_write = models.BooleanField()
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    calls = models.PositiveIntegerField(default=0, help_text="Within the minute of `last_used_at`.")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True, help_text="Who of the office did; else the customer.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="portal_token_ends"),
        ]

    def __str__(self) -> str:
        return self.name
