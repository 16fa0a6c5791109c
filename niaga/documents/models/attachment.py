from django.db import models

from niaga.core.fields import IdField


class StoredFile(models.Model):
    """Bytes in the file store, by their SHA-256. `inline` only for images and PDFs that we re-encoded."""

    id = IdField()
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    inline = models.BooleanField(default=False)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()


class Attachment(models.Model):
    """A file on a document, customer or product; who may see that may see the file."""

    id = IdField()
    company_id = models.UUIDField()
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    purpose = models.CharField(max_length=20, default="", help_text="`photo`, `signature`, `image`, `logo` or nothing.")
    file = models.ForeignKey(StoredFile, models.PROTECT)
    name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject_id"], name="attachment_subject")]
