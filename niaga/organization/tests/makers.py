"""Companies and people for tests, made by the real services. Other apps' tests use these too."""

from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from niaga.core.models import AuditEntry
from niaga.organization.access import SYSTEM, access_of
from niaga.organization.models import Branch, Company, Team, User
from niaga.organization.services.create_branch import create_branch
from niaga.organization.services.create_company import create_company
from niaga.organization.services.create_user import create_user
from niaga.organization.services.grant_role import grant_role
from niaga.organization.services.keep_team import keep_team

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
_numbers = count(1)


def make_company(**values: Any) -> Company:
    """A company with head office, roles, channels and a fiscal setting."""
    number = next(_numbers)
    given = {"code": f"CO{number}", "name": f"Company {number}", "by": SYSTEM, "at": AT, **values}
    return create_company(**given)


def make_branch(company: Company, **values: Any) -> Branch:
    number = next(_numbers)
    given = {"code": f"B{number}", "name": f"Branch {number}", "by": SYSTEM, "at": AT, **values}
    return create_branch(company_id=company.id, **given)


def make_team(company: Company, name: str = "Team", parent: Team | None = None) -> Team:
    team_id = keep_team(company_id=company.id, name=name, parent_id=parent.id if parent else None, by=SYSTEM, at=AT)
    return Team.objects.get(pk=team_id)


def make_user(
    company: Company | None = None,
    role: str = "owner",
    *,
    branch: Branch | None = None,
    team: Team | None = None,
    password: str | None = None,
    **values: Any,
) -> User:
    """A person with a role in a company; without a company, one without rights."""
    number = next(_numbers)
    given: dict[str, Any] = {"username": f"user{number}", "name": f"User {number}", "by": SYSTEM, "at": AT, **values}
    user = create_user(password=password, **({} if password else {"password_hash": "!"}), **given)
    if company is not None:
        grant_role(
            user_id=user.id,
            company_id=company.id,
            role=role,
            branch_id=branch.id if branch else None,
            team_id=team.id if team else None,
            by=SYSTEM,
            at=AT,
        )
    return user


def fresh(user: User) -> User:
    """The user as the next request would load them: with rights not asked yet."""
    return User.objects.get(pk=user.pk)


def company_id_of(user: User) -> UUID:
    return access_of(user).current_company.id


def trail_of(subject_id: UUID) -> list[tuple[str, Any]]:
    """What the audit tells of a thing, the oldest first: verb and data."""
    return list(AuditEntry.objects.filter(subject_id=subject_id).order_by("id").values_list("verb", "data"))
