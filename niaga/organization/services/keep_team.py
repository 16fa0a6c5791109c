from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.models import Branch, Team
from niaga.organization.services.check_place import check_place
from niaga.organization.services.tracked import add_row, change_row, write


@transaction.atomic
def keep_team(*, company_id: UUID, team_id: UUID | None = None, by: Actor, at: datetime, **values: Any) -> UUID:
    """Add a team (without `team_id`) or change one; `parent_id` hangs it in the tree. Returns its id.

    :raises Forbidden: `by` may not manage settings
    :raises NotFound: the team, or its parent, is not this company's
    :raises BelowItself: it would hang below itself
    :raises ValueNeeded: it has no name
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    check_place(Team, company_id=company_id, node_id=team_id, parent_id=values.get("parent_id"))
    branch_id = values.get("branch_id")
    if branch_id is not None and not Branch.objects.filter(pk=branch_id, company_id=company_id).exists():
        raise NotFound(field="branch_id")
    batch = Batch()
    shared: dict[str, Any] = {"kind": "team", "by": by.id, "at": at, "company_id": company_id}
    if team_id is None:
        row = {"company_id": company_id, "name": "", **values}
        team_id = add_row(batch=batch, model=Team, values=row, **shared)
    else:
        change_row(batch=batch, row=Team.objects.get(pk=team_id), values=values, **shared)
    write(batch)
    return team_id
