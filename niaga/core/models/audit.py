from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import IdField


class AuditEntry(AppendOnly):
    """Who did what to which thing, when. Append-only; a document's moves are rows of this table."""

    id = IdField()
    company_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    verb = models.CharField(max_length=40)
    from_status = models.CharField(max_length=20, default="")
    to_status = models.CharField(max_length=20, default="")
    actor_id = models.UUIDField(null=True, help_text="Empty for the customer on a public link and for the system.")
    at = models.DateTimeField()
    note = models.TextField(default="")
    data = models.JSONField(default=dict)

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["subject_id", "at"], name="audit_subject")]
