from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound, WrongState
from niaga.organization.access import Actor, access_of
from niaga.portal.models import PortalToken
from niaga.portal.queries.visitors import Visitor


@transaction.atomic
def revoke_own_token(*, token_id: UUID, visitor: Visitor, at: datetime) -> None:
    """End a token of the visitor's customer; its next call is refused.

    :raises NotFound: none, or of another customer
    :raises WrongState: it ended already
    """
    found = _locked(token_id)
    if found is None or found.access.customer_id != visitor.customer_id:
        raise NotFound()
    _end(found, by=None, note=visitor.address, at=at)


@transaction.atomic
def revoke_token(*, token_id: UUID, by: Actor, at: datetime) -> UUID:
    """The office ends a token of a customer. Returns the customer's id.

    :raises NotFound: none, or of a customer whose portal the person may not see
    :raises Forbidden: the person may not invite
    :raises WrongState: it ended already
    """
    found, access = _locked(token_id), access_of(by)
    if found is None or found.access.company_id not in access.company_ids:
        raise NotFound()
    if not access.reaches("portal", "view", found.access.customer):
        raise NotFound()
    access.require("portal", "invite", found.access.customer)
    _end(found, by=by.pk, note=found.access.person.address, at=at)
    return found.access.customer_id


def _locked(token_id: UUID) -> PortalToken | None:
    rows = PortalToken.objects.select_for_update(of=("self",)).select_related("access__customer", "access__person")
    return rows.filter(pk=token_id).first()


def _end(found: PortalToken, *, by: UUID | None, note: str, at: datetime) -> None:
    if found.revoked_at is not None:
        raise WrongState()
    batch = Batch()
    batch.update(PortalToken, where={"id": found.pk}, values={"revoked_at": at, "revoked_by": by})
    record(
        batch=batch, subject_kind="customer", subject_id=found.access.customer_id, verb="portal_token_end", by=by,
        at=at, company_id=found.access.company_id, note=note, data={"token": found.pk},
    )  # fmt: skip
    batch.write()
