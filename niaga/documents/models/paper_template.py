from django.db import models
from django.db.models import Q

from niaga.core.bases import AppendOnly
from niaga.core.fields import IdField


class PaperTemplate(models.Model):
    """How a company's papers of one kind look. `draft` is being worked on; papers follow what is published."""

    id = IdField()
    company_id = models.UUIDField()
    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=80)
    draft = models.JSONField(default=dict)
    published = models.ForeignKey("documents.TemplateVersion", models.PROTECT, null=True, related_name="+")
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company_id", "kind", "name"], condition=Q(archived_at=None), name="one_template_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class TemplateVersion(AppendOnly):
    """A design as it was published. A roll back is a new version that says which one it is again."""

    id = IdField()
    template = models.ForeignKey(PaperTemplate, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    design = models.JSONField()
    restores = models.PositiveIntegerField(null=True, help_text="The number of the version that it is again.")
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="one_template_version")]


class TemplateDefault(models.Model):
    """Which template makes the papers of a company, branch, channel or customer; the most particular one holds."""

    id = IdField()
    company_id = models.UUIDField()
    kind = models.CharField(max_length=30)
    scope = models.CharField(max_length=10)
    scope_id = models.UUIDField()
    template = models.ForeignKey(PaperTemplate, models.PROTECT, related_name="defaults")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "scope_id"], name="one_template_default")]
