from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.models import Grant, Role
from niaga.organization.services.check_values import checked_code
from niaga.organization.services.tracked import add_row, write


@transaction.atomic
def create_role(*, company_id: UUID, code: str, name: str, like: str = "", by: Actor, at: datetime) -> Role:
    """Make a role of the company's own, empty or with the grants of the role `like`.

    :raises Forbidden: `by` may not manage users
    :raises NotFound: no role is called `like`
    :raises BadValue: a code that cannot be right
    :raises AlreadyTaken: the company has a role of this code
    """
    access_of(by).require("user", "manage", company_id=company_id)
    batch = Batch()
    values = {"company_id": company_id, "code": checked_code(code).lower(), "name": name}
    role_id = add_row(batch=batch, model=Role, kind="role", values=values, by=by.id, at=at, company_id=company_id)
    if like:
        pattern = Role.objects.filter(company_id=company_id, code=like).first()
        if pattern is None:
            raise NotFound(field="like")
        grants = [{"kind": grant.kind, "action": grant.action, "scope": grant.scope} for grant in pattern.grants.all()]
        batch.insert(Grant, grants, role_id=role_id)
    write(batch, unique={"one_role_code": "code"})
    return Role.objects.get(pk=role_id)
