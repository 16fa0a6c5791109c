"""Mail and WhatsApp alike. No table: `queries.messages` writes the statement that tells the rows."""

from django.db import models


class Message(models.Model):
    """One message, whichever way it goes."""

    id = models.UUIDField(primary_key=True)
    channel = models.CharField(max_length=10, help_text="email or whatsapp.")
    subject = models.TextField()
    to = models.TextField()
    status = models.CharField(max_length=10)
    reason = models.CharField(max_length=20)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
