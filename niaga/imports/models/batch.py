from django.db import models

from niaga.core.fields import IdField


class ImportBatch(models.Model):
    """One file moved in: all of it or nothing, with what it counted; it can be undone while nothing builds on it."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    kind = models.CharField(max_length=20, help_text="customers, products, prices, stock, sales")
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64, default="")
    status = models.CharField(
        max_length=12, default="queued", help_text="queued, running, checked, done, refused, failed, undone"
    )
    dry_run = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="What was created, updated, noted.")
    progress = models.PositiveIntegerField(default=0, help_text="Rows read so far.")
    source_file = models.CharField(
        max_length=300, default="", help_text="Where the upload is kept, within the data folder."
    )
    error_file = models.CharField(max_length=300, default="", help_text="The XLSX to correct and send again.")
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
