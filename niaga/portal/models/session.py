from django.db import models

from niaga.core.fields import IdField
from niaga.portal.models.access import PortalAccess, PortalPerson


class PortalKnock(models.Model):
    """Somebody asked for a link to sign in. Kept for two days, known address or not: rates are counted by it."""

    id = IdField()
    asked = models.CharField(max_length=254, help_text="The mail address in small letters, or the number in E.164.")
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["asked", "at"], name="portal_knock_email"),
            models.Index(fields=["address", "at"], name="portal_knock_address"),
        ]


class PortalTicket(models.Model):
    """A link that signs in once. Only its hash is kept."""

    id = IdField()
    person = models.ForeignKey(PortalPerson, models.PROTECT)
    knock_id = models.UUIDField(null=True, unique=True, help_text="What it answers; an invitation answers none.")
    whatsapp_id = models.UUIDField(null=True, help_text="The message that bears it; else a mail does.")
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class PortalSession(models.Model):
    """A device that is signed in. Its cookie holds a token of which only the hash is kept."""

    id = IdField()
    person = models.ForeignKey(PortalPerson, models.PROTECT, related_name="sessions")
    access = models.ForeignKey(
        PortalAccess, models.PROTECT, null=True, db_index=False, related_name="+", help_text="The customer last chosen."
    )
    token_hash = models.BinaryField(max_length=32, unique=True)
    remembered = models.BooleanField(default=False)
    agent = models.CharField(max_length=200, default="")
    address = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
