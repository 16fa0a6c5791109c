from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import IdField


class PublicLink(models.Model):
    """An address that opens one document for who holds it. Only the token's hash is kept."""

    id = IdField()
    company_id = models.UUIDField()
    token_hash = models.BinaryField(max_length=32, unique=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    purpose = models.CharField(max_length=20, default="view", help_text="`view`, `accept`, `pay` …")
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject_id"], name="public_link_subject")]


class LinkOpening(AppendOnly):
    """Somebody opened the link."""

    id = IdField()
    link = models.ForeignKey(PublicLink, models.PROTECT, related_name="openings")
    at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, default="")

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["link", "at"], name="link_opening")]
