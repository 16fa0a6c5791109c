from django.db import models

from niaga.core.fields import IdField


class ImportBatch(models.Model):
    """One file moved in: all of it or nothing, with what it counted; it can be undone while nothing builds on it.

    `status`: see `rules/flow.py`.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    kind = models.CharField(max_length=20, help_text="A name of `rules.kinds`.")
    file_name = models.CharField(max_length=200)
    file_size = models.PositiveBigIntegerField(default=0)
    file_sha256 = models.CharField(max_length=64, default="")
    status = models.CharField(max_length=12, default="mapping")
    dry_run = models.BooleanField(default=False, help_text="The last run only looked.")
    mapping = models.JSONField(default=dict, help_text="Our column to the file's heading; empty: by names.")
    options = models.JSONField(default=dict, help_text="How numbers and days are written.")
    rows = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="What was created and noted.")
    findings = models.JSONField(default=list, help_text="The first errors, for the page; the rest is in the file.")
    failure = models.TextField(default="", help_text="Why the file as a whole was not read.")
    progress = models.PositiveIntegerField(default=0, help_text="Rows done so far in the present run.")
    source_file = models.CharField(
        max_length=300, default="", help_text="Where the upload is kept, within the data folder."
    )
    corrections_file = models.CharField(max_length=300, default="", help_text="Rows sent again, in place of theirs.")
    samples = models.JSONField(
        default=dict, help_text="For the page: some of what changes, and new rows that look like known ones."
    )
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Begun so often since it was last queued.")
    undo = models.JSONField(default=dict, help_text="What rows do not say of themselves: receipts, prices before.")
    error_file = models.CharField(max_length=300, default="", help_text="The XLSX to correct and send again.")
    version = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField(null=True, help_text="By the server's clock: when the present run began.")
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["company", "-created_at", "-id"], name="import_recent")]

    def __str__(self) -> str:
        return self.file_name


class ImportChange(models.Model):
    """What an import did to a customer or product that was there, so that undoing it puts the values back."""

    id = IdField()
    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="changes", db_index=False)
    subject_id = models.UUIDField()
    code = models.CharField(max_length=60, help_text="The customer's code or the product's SKU.")
    before = models.JSONField(help_text="Column to value; only what changed.")
    after = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "subject_id"], name="one_change_per_batch")]
        indexes = [models.Index(fields=["subject_id"], name="import_change_subject")]
