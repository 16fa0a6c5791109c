from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.models import ApiToken
from niaga.organization.services.tracked import change_row


@transaction.atomic
def revoke_token(*, token_id: UUID, by: Actor, at: datetime) -> None:
    """Make a token useless from now on. Revoking it again changes nothing.

    :raises NotFound: no such token, or another's and `by` may not manage users
    """
    token = ApiToken.objects.select_for_update().filter(pk=token_id).first()
    if token is None or (
        token.user_id != by.id and not access_of(by).allows("user", "manage", company_id=token.company_id)
    ):
        raise NotFound()
    if token.revoked_at is not None:
        return
    batch = Batch()
    change_row(
        batch=batch, row=token, kind="api_token", values={"revoked_at": at}, by=by.id, at=at,
        company_id=token.company_id, verb="revoke",
    )  # fmt: skip
    batch.write()
