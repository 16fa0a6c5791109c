from django.db import models

from niaga.core.fields import AmountField, IdField


class ApprovalRule(models.Model):
    """When a document needs somebody's yes, and whose. Put away, never deleted: requests name it."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=1, help_text="Rules that hold are joined in this order.")
    condition = models.JSONField(help_text="A tree of comparisons, see rules/condition.py.")
    steps = models.JSONField(help_text="Who decides, one step after the other, see rules/chain.py.")
    team = models.ForeignKey("organization.Team", models.PROTECT, null=True, blank=True, db_index=False)
    territory = models.ForeignKey("organization.Territory", models.PROTECT, null=True, blank=True, db_index=False)
    least = AmountField(null=True, blank=True, help_text="The amount band: from this order value on.")
    most = AmountField(null=True, blank=True, help_text="The amount band: below this order value.")
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1, help_text="Counts changes of what it asks for; a yes is to one.")
    version = models.PositiveIntegerField(default=1, help_text="Counts saves; the ETag.")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True, help_text="Switched off.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="one_approval_rule_name")]
        indexes = [
            models.Index(
                fields=["company", "position"], name="approval_rules_that_count",
                condition=models.Q(archived_at__isnull=True),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
