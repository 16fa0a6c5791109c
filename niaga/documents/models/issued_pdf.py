from django.db import models

from niaga.core.bases import AppendOnly
from niaga.core.fields import IdField


class IssuedPdf(AppendOnly):
    """The PDF of an issued document as it was first made, kept as bytes with its hash."""

    id = IdField()
    company_id = models.UUIDField()
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    language = models.CharField(max_length=5)
    template_version = models.ForeignKey("documents.TemplateVersion", models.PROTECT, null=True, db_index=False)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [models.UniqueConstraint(fields=["subject_id", "language"], name="one_issued_pdf")]
