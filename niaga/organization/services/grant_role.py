from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.organization.events import RightsChanged
from niaga.organization.models import Branch, Membership, Role, Team, User
from niaga.organization.services.tracked import add_row, change_row, write


@transaction.atomic
def grant_role(
    *,
    user_id: UUID,
    company_id: UUID,
    role: str,
    branch_id: UUID | None = None,
    team_id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> Membership:
    """Give a person a role (by its code) in a company, seen from a branch and a team; again: move them.

    :raises Forbidden: `by` may not manage users of the company
    :raises NotFound: no such user, role, branch or team in the company
    """
    access_of(by).require("user", "manage", company_id=company_id)
    found = Role.objects.filter(company_id=company_id, code=role).first()
    if found is None:
        raise NotFound(field="role")
    if not User.objects.select_for_update().filter(pk=user_id).exists():
        raise NotFound(field="user")
    if branch_id is not None and not Branch.objects.filter(pk=branch_id, company_id=company_id).exists():
        raise NotFound(field="branch")
    if team_id is not None and not Team.objects.filter(pk=team_id, company_id=company_id).exists():
        raise NotFound(field="team")
    batch = Batch()
    shared: dict[str, Any] = {"by": by.id, "at": at, "company_id": company_id}
    place = {"branch_id": branch_id, "team_id": team_id}
    membership = Membership.objects.filter(user_id=user_id, role=found).first()
    if membership is None:
        membership = Membership(user_id=user_id, company_id=company_id, role=found, **place)
        add_row(
            batch=batch,
            model=Membership,
            kind="membership",
            values={"id": membership.id, "user_id": user_id, "company_id": company_id, "role_id": found.id, **place},
            verb="grant",
            **shared,
        )
        changed = True
    else:
        changed = change_row(batch=batch, row=membership, kind="membership", values=place, **shared)
    if changed:
        announce(batch=batch, event=RightsChanged(subject_id=user_id, what="role_granted"), **shared)
    write(batch)
    return membership
