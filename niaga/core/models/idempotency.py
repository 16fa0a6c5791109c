from django.db import models

from niaga.core.fields import IdField


class StoredAnswer(models.Model):
    """The answer to a POST with an Idempotency-Key, kept for good, committed with the deed itself."""

    id = IdField()
    principal_id = models.UUIDField()
    path = models.CharField(max_length=300)
    key = models.CharField(max_length=255)
    body_hash = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["principal_id", "path", "key"], name="one_answer_per_key")]
