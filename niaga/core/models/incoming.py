from django.db import models

from niaga.core.fields import IdField


class IncomingCall(models.Model):
    """What another system called us with, kept before anything is done about it. A job handles it, once.

    `key` tells repeated calls: the caller's own id of the event, else a digest of the body.
    """

    id = IdField()
    source = models.CharField(max_length=40, help_text="`whatsapp` …: the name of its handler.")
    key = models.CharField(max_length=200)
    company_id = models.UUIDField(null=True)
    body = models.BinaryField(help_text="As it came, byte by byte; its signature was checked.")
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True, help_text="It failed for good, and waits for a person.")
    error = models.TextField(default="", help_text="Of the last attempt.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="one_call_per_key"),
            models.CheckConstraint(
                condition=models.Q(handled_at=None) | models.Q(parked_at=None), name="call_handled_or_parked"
            ),
        ]
        indexes = [
            models.Index(fields=["received_at"], name="call_waiting", condition=models.Q(handled_at=None)),
        ]
