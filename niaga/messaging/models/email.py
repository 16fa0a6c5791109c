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


class Email(models.Model):
    """One mail and what became of it: the dispatch record. Its states are in `rules.dispatch`."""

    id = IdField()
    company_id = models.UUIDField()
    subject_kind = models.CharField(max_length=40, default="", help_text="The document it is about.")
    subject_id = models.UUIDField(null=True)
    to = ArrayField(models.EmailField())
    cc = ArrayField(models.EmailField(), default=list)
    reply_to = models.EmailField(default="")
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(default="")
    secret = models.BooleanField(default=False, help_text="A log-in link: only who manages users may read it.")
    status = models.CharField(max_length=10, default="queued")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True, help_text="When the last hand-over began.")
    reason = models.CharField(max_length=20, default="", help_text="Why it was not simply sent; see `queries.reasons`.")
    error = models.TextField(default="", help_text="The mail server's own words.")
    message_id = models.CharField(max_length=200, default="")
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="email_status_known",
                condition=models.Q(status__in=["queued", "sending", "sent", "kept", "failed", "uncertain"]),
            ),
        ]
        indexes = [
            models.Index(fields=["company_id", "-created_at"], name="email_recent"),
            models.Index(fields=["subject_id"], name="email_subject"),
            models.Index(
                fields=["status", "next_attempt_at"],
                name="email_waiting",
                condition=models.Q(status__in=["queued", "sending"]),
            ),
        ]


class EmailFile(models.Model):
    """A file that goes with a mail."""

    id = IdField()
    email = models.ForeignKey(Email, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()
