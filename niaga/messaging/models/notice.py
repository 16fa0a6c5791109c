from django.db import models

from niaga.core.fields import IdField


class Notice(models.Model):
    """A line in a person's bell: what happened, and where to look. `text` is a message id, filled with `facts`."""

    id = IdField()
    user_id = models.UUIDField()
    text = models.CharField(max_length=300)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=300, default="")
    subject_kind = models.CharField(max_length=40, default="")
    subject_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user_id", "-at"], name="notice_recent"),
            models.Index(fields=["user_id"], name="notice_unread", condition=models.Q(read_at__isnull=True)),
        ]
