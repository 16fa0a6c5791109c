from django.db import models

from niaga.core.fields import IdField


class OutboxEvent(models.Model):
    """Something that happened, announced in the transaction in which it happened; the worker's relay delivers it."""

    id = IdField()
    company_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], name="outbox_waiting", condition=models.Q(delivered_at__isnull=True))]


class WorkerHeartbeat(models.Model):
    """One row per running worker; health asks for a young one."""

    name = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()
