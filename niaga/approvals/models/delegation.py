from django.db import models

from niaga.core.fields import IdField


class Delegation(models.Model):
    """In a person's absence another decides for them, from a day through a day."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    person = models.ForeignKey("organization.User", models.PROTECT, related_name="+", db_index=False)
    deputy = models.ForeignKey("organization.User", models.PROTECT, related_name="+", db_index=False)
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.CharField(max_length=200, default="", blank=True)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Taken back before its last day.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(last_day__gte=models.F("first_day")), name="delegation_has_days"),
            models.CheckConstraint(condition=~models.Q(person=models.F("deputy")), name="delegation_to_another"),
        ]
        indexes = [
            models.Index(fields=["deputy", "last_day"], name="delegation_deputy"),
            models.Index(fields=["person", "last_day"], name="delegation_person"),
        ]
