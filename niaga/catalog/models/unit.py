from django.db import models

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

    def __str__(self) -> str:
        return self.code
