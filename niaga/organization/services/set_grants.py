from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.organization.events import RightsChanged
from niaga.organization.models import Company, Grant, Role
from niaga.organization.queries.users import managers_remain
from niaga.organization.rules.roles import check_right, reaches
from niaga.organization.services.change_user import LastManager
from niaga.organization.services.check_values import BadValue


@transaction.atomic
def set_grants(*, role_id: UUID, grants: Mapping[tuple[str, str], str], by: Actor, at: datetime) -> int:
    """Make these the grants of a role: (kind, action) to reach. What is not named is taken away. Returns the changes.

    :raises NotFound: no such role
    :raises Forbidden: `by` may not manage users
    :raises BadValue: no such right, or a reach that its kind does not have
    :raises LastManager: nobody would be left who can manage users
    """
    role = Role.objects.filter(pk=role_id).first()
    if role is None:
        raise NotFound()
    access_of(by).require("user", "manage", company_id=role.company_id)
    Company.objects.select_for_update().get(pk=role.company_id)
    for (kind, action), reach in grants.items():
        try:
            check_right(kind, action)
        except ValueError as error:
            raise BadValue(_("There is no such right."), field=f"{kind}.{action}") from error
        if reach not in reaches(kind):
            raise BadValue(_("This right reaches the whole company or nothing."), field=f"{kind}.{action}")
    before = {(grant.kind, grant.action): grant for grant in role.grants.all()}
    gone = [grant.id for key, grant in before.items() if key not in grants]
    moved = [
        {"id": before[key].id, "scope": str(reach)}
        for key, reach in grants.items()
        if key in before and before[key].scope != reach
    ]
    new = [
        {"kind": kind, "action": action, "scope": str(reach)}
        for (kind, action), reach in grants.items()
        if (kind, action) not in before
    ]
    if not (gone or moved or new):
        return 0
    batch = Batch()
    batch.insert(Grant, new, role_id=role_id)
    batch.update_each(Grant, moved, values={"scope": "v.scope"})
    changes = {
        f"{kind}.{action}": [
            before[kind, action].scope if (kind, action) in before else "",
            grants.get((kind, action), ""),
        ]
        for kind, action in {*before, *grants}
        if (before[kind, action].scope if (kind, action) in before else "") != grants.get((kind, action), "")
    }
    record(
        batch=batch, subject_kind="role", subject_id=role_id, verb="set_grants", by=by.id, at=at,
        company_id=role.company_id, data={"changes": changes},
    )  # fmt: skip
    announce(
        batch=batch,
        event=RightsChanged(subject_id=role_id, what="grants_changed"),
        company_id=role.company_id,
        by=by.id,
        at=at,
    )
    batch.write()
    Grant.objects.filter(pk__in=gone).delete()
    if not managers_remain(role.company_id):
        raise LastManager()
    return len(changes)
