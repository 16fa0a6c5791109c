from django.contrib.postgres.fields import ArrayField
from django.db import models

from niaga.core.fields import IdField


class MailSettings(models.Model):
    """A company's SMTP server. Without one, or without a host, mail stays in the mailbox page."""

    id = IdField()
    company_id = models.UUIDField(unique=True)
    host = models.CharField(max_length=200, default="", blank=True)
    port = models.PositiveIntegerField(default=587)
    username = models.CharField(max_length=200, default="", blank=True)
    password = models.TextField(default="", blank=True, help_text="Encrypted with the installation's key.")
    security = models.CharField(
        max_length=8, default="starttls", choices=[("none", "none"), ("starttls", "starttls"), ("tls", "tls")]
    )
    sender = models.EmailField(default="", blank=True)
    sender_name = models.CharField(max_length=120, default="", blank=True)


class EmailStatus(models.TextChoices):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    KEPT = "kept"  # no SMTP server is set: shown in the mailbox only
    FAILED = "failed"
    UNCERTAIN = "uncertain"  # died between hand-over and answer: never sent again by itself


class Email(models.Model):
    """One mail and what became of it: the dispatch record."""

    id = IdField()
    company_id = models.UUIDField()
    subject_kind = models.CharField(max_length=40, default="")
    subject_id = models.UUIDField(null=True)
    to = ArrayField(models.EmailField())
    cc = ArrayField(models.EmailField(), default=list)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(default="")
    status = models.CharField(max_length=10, choices=EmailStatus.choices, default=EmailStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(default="")
    message_id = models.CharField(max_length=200, default="")
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["company_id", "-created_at"], name="email_recent"),
            models.Index(fields=["subject_id"], name="email_subject"),
        ]


class EmailFile(models.Model):
    """A file that goes with a mail."""

    id = IdField()
    email = models.ForeignKey(Email, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()
