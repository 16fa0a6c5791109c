from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound, WrongState
from niaga.organization.access import Actor, access_of
from niaga.portal.models import PortalAccess


@transaction.atomic
def revoke_access(*, access_id: UUID, by: Actor, at: datetime) -> PortalAccess:
    """Take a person's access to a customer back; their next page is refused, on every device.

    :raises NotFound: no such access, or of a customer that the person may not see
    :raises Forbidden: the person may not invite
    :raises WrongState: it was taken back
    """
    rows = PortalAccess.objects.select_for_update(of=("self",)).select_related("customer", "person")
    found = rows.filter(pk=access_id).first()
    access = access_of(by)
    if found is None or found.company_id not in access.company_ids:
        raise NotFound()
    if not access.reaches("portal", "view", found.customer):
        raise NotFound()
    access.require("portal", "invite", found.customer)
    if found.revoked_at is not None:
        raise WrongState()
    batch = Batch()
    batch.update(PortalAccess, where={"id": access_id}, values={"revoked_at": at, "revoked_by_id": by.pk})
    record(
        batch=batch, subject_kind="customer", subject_id=found.customer_id, verb="portal_revoke", by=by.pk, at=at,
        company_id=found.company_id, note=found.person.address, data={"access": access_id},
    )  # fmt: skip
    batch.write()
    found.revoked_at = at
    return found
