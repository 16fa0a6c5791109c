from django.db import models

from niaga.core.fields import IdField
from niaga.ledger.rules.import_template import ImportTemplate, template_of
from niaga.ledger.rules.journal_columns import fault_of


class JournalProfile(models.Model):
    """The import file of a company's accounting program, and what stands in each of its columns."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    name = models.CharField(max_length=80)
    layout = models.JSONField(help_text="The empty file as it was read: rows above, headings, how it is written.")
    columns = models.JSONField(help_text="For each row of headings, for each heading, what stands below it.")
    dates = models.CharField(max_length=10)
    decimal = models.CharField(max_length=1)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="journal_profile_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def template(self) -> ImportTemplate:
        return template_of(self.layout)

    @property
    def is_ready(self) -> bool:
        """Whether a journal can be written by it; until then nobody is offered it."""
        return fault_of(self.columns) is None
