from django.contrib.postgres.fields import ArrayField
from django.db import models

from niaga.core.fields import IdField
from niaga.organization.models.company import Company
from niaga.organization.models.structure import Branch, Team
from niaga.organization.models.user import User


class Scope(models.TextChoices):
    """Whose documents a grant reaches."""

    OWN = "own"
    TEAM = "team"
    BRANCH = "branch"
    ALL = "all"


class Role(models.Model):
    """A named set of grants of one company: salesperson, finance, auditor."""

    id = IdField()
    company = models.ForeignKey(Company, models.CASCADE, related_name="roles")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="one_role_code")]

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """A role may do `action` to documents of `kind` as far as `scope` reaches. Without a grant: no."""

    id = IdField()
    role = models.ForeignKey(Role, models.CASCADE, related_name="grants")
    kind = models.CharField(max_length=40)
    action = models.CharField(max_length=40)
    scope = models.CharField(max_length=6, choices=Scope.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "kind", "action"], name="one_grant")]


class Membership(models.Model):
    """A user's role in a company, with the branch and team from which scopes are counted."""

    id = IdField()
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    company = models.ForeignKey(Company, models.CASCADE)
    role = models.ForeignKey(Role, models.CASCADE)
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="one_membership_per_role")]


class ApiToken(models.Model):
    """A bearer token of a user: only its hash is kept. `scopes` narrow what the user may do: `read`, `write`."""

    id = IdField()
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    company = models.ForeignKey(
        Company,
        models.CASCADE,
        help_text="The company in which the token's calls work.",
    )
    name = models.CharField(max_length=80)
    token_hash = models.BinaryField(max_length=32, unique=True)
    scopes = ArrayField(models.CharField(max_length=20), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
