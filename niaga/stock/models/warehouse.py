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
    is_direct = models.BooleanField(
        default=False, db_default=False,
        help_text="No place: what suppliers send straight to customers passes through it. Nothing is ever there.",
    )  # fmt: skip

    class Meta(NeverDeleted.Meta):
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="one_warehouse_code"),
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(is_direct=True), name="one_direct_place"
            ),
            models.CheckConstraint(
                condition=models.Q(is_direct=False) | models.Q(archived_at__isnull=False),
                name="direct_place_is_no_place",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
