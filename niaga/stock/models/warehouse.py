from django.db import models

from niaga.core.bases import NeverDeleted
from niaga.core.fields import IdField


class Warehouse(NeverDeleted):
    """A place where goods are; a store's shelf room is one too."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    branch = models.ForeignKey("organization.Branch", models.PROTECT)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta(NeverDeleted.Meta):
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="one_warehouse_code")]

    def __str__(self) -> str:
        return self.name
