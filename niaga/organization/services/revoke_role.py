from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.organization.events import RightsChanged
from niaga.organization.models import Company, Membership
from niaga.organization.queries.users import managers_remain
from niaga.organization.services.change_user import LastManager


@transaction.atomic
def revoke_role(*, membership_id: UUID, by: Actor, at: datetime) -> None:
    """Take a role from a person.

    :raises NotFound: there is no such membership
    :raises Forbidden: `by` may not manage users of the company
    :raises LastManager: nobody would be left who can manage users
    """
    membership = (
        Membership.objects.select_for_update(of=("self",)).select_related("role").filter(pk=membership_id).first()
    )
    if membership is None:
        raise NotFound()
    access_of(by).require("user", "manage", company_id=membership.company_id)
    Company.objects.select_for_update().get(pk=membership.company_id)
    if not managers_remain(membership.company_id, without_membership=membership_id):
        raise LastManager()
    batch = Batch()
    before = {
        "user_id": membership.user_id,
        "role": membership.role.code,
        "branch_id": membership.branch_id,
        "team_id": membership.team_id,
    }
    record(
        batch=batch, subject_kind="membership", subject_id=membership_id, verb="revoke", by=by.id, at=at,
        company_id=membership.company_id, data={"before": before},
    )  # fmt: skip
    announce(
        batch=batch,
        event=RightsChanged(subject_id=membership.user_id, what="role_revoked"),
        company_id=membership.company_id,
        by=by.id,
        at=at,
    )
    batch.write()
    membership.delete()
