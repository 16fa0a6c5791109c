from django.db import models

from niaga.core.fields import IdField
from niaga.organization.models.company import Company


class Branch(models.Model):
    """A place of a company: office, depot or store. A document's date is the branch's."""

    id = IdField()
    company = models.ForeignKey(Company, models.PROTECT, related_name="branches")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    is_head = models.BooleanField(default=False, help_text="The head office; every company has exactly one.")
    is_store = models.BooleanField(default=False)
    zone = models.CharField(max_length=40, default="Asia/Jakarta")
    nitku = models.CharField(max_length=22, default="", blank=True)
    street = models.CharField(max_length=300, default="", blank=True)
    city = models.CharField(max_length=100, default="", blank=True)
    phone = models.CharField(max_length=30, default="", blank=True)
    import_batch_id = models.UUIDField(null=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="one_branch_code"),
            models.UniqueConstraint(
                fields=["company"],
                name="one_head_office",
                condition=models.Q(is_head=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """Sales teams form a tree; who sees a team sees the teams below it."""

    id = IdField()
    company = models.ForeignKey(Company, models.PROTECT, related_name="teams")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True)
    name = models.CharField(max_length=120)
    archived_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Territory(models.Model):
    """Sales areas form a tree: country, province, city, district."""

    id = IdField()
    company = models.ForeignKey(Company, models.PROTECT, related_name="territories")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    code = models.CharField(max_length=20, default="", blank=True)
    name = models.CharField(max_length=120)
    archived_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
