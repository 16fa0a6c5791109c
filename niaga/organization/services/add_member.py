from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.organization.access import Actor, access_of
from niaga.organization.models import User
from niaga.organization.services.create_user import create_user
from niaga.organization.services.grant_role import grant_role


@transaction.atomic
def add_member(
    *,
    company_id: UUID,
    username: str,
    name: str,
    role: str,
    email: str = "",
    phone: str = "",
    language: str = "id",
    password: str | None = None,
    branch_id: UUID | None = None,
    team_id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> User:
    """Give a new person a log-in and their first role, in one go. Without a password they are invited by mail.

    :raises Forbidden: `by` may not manage users of the company
    :raises BadValue: a user name, address or password that will not do
    :raises AlreadyTaken: the user name or the address is another person's
    :raises NotFound: no such role, branch or team in the company
    """
    access_of(by).require("user", "manage", company_id=company_id)
    user = create_user(
        username=username, name=name, email=email, phone=phone, language=language, password=password,
        company_id=company_id, by=by, at=at,
    )  # fmt: skip
    grant_role(user_id=user.id, company_id=company_id, role=role, branch_id=branch_id, team_id=team_id, by=by, at=at)
    return user
