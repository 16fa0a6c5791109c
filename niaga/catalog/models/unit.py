from django.db import models

from niaga.catalog.models.settings_version import new_on_change
from niaga.core.bases import NeverDeleted
from niaga.core.fields import IdField


class Unit(NeverDeleted):
    """What quantities are counted in; `digits` decimal places at most."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=40)
    digits = models.PositiveSmallIntegerField(default=0)
    coretax_code = models.CharField(max_length=10, default="", blank=True)

    class Meta(NeverDeleted.Meta):
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="one_unit_code")]
        triggers = [*NeverDeleted.Meta.triggers, new_on_change("code", "digits")]

    def __str__(self) -> str:
        return self.code
