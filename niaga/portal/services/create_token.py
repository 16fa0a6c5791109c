import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.portal.errors import TooManyTokens
from niaga.portal.models import PortalAccess, PortalToken
from niaga.portal.queries.tokens import tokens_of
from niaga.portal.queries.visitors import Visitor
from niaga.portal.services.secrets import hash_of

PREFIX = "niagaportal_"
LIVES = (30, 90, 365)
MOST = 10


@dataclass(frozen=True, slots=True)
class NewToken:
    """The one time the token's text is known; only its hash is kept."""

    id: UUID
    text: str


@transaction.atomic
def create_token(*, visitor: Visitor, name: str, may_write: bool, days: int, at: datetime) -> NewToken:
    """Make a token with which a program works as the person, for the customer that they look at now.

    :raises NotFound: they have no access any more
    :raises Invalid: no name, or it would live another time than 30, 90 or 365 days
    :raises TooManyTokens: the customer's people have ten
    """
    name = name.replace("\x00", "").strip()[:80]
    if not name:
        raise Invalid(_("Say what it is for."), field="name")
    if days not in LIVES:
        raise Invalid(field="days")
    access = PortalAccess.objects.select_for_update().filter(pk=visitor.here.access_id, revoked_at=None).first()
    if access is None:
        raise NotFound()
    if tokens_of(visitor, at=at).count() >= MOST:
        raise TooManyTokens()
    text, key, batch = PREFIX + secrets.token_urlsafe(32), new_id(), Batch()
    batch.insert(
        PortalToken,
        [{"id": key, "access_id": access.pk, "name": name, "may_write": may_write, "token_hash": hash_of(text),
          "created_at": at, "expires_at": at + timedelta(days=days)}],
    )  # fmt: skip
    record(
        batch=batch, subject_kind="customer", subject_id=visitor.customer_id, verb="portal_token", by=None, at=at,
        company_id=visitor.company_id, note=visitor.address,
        data={"token": key, "name": name, "may_write": may_write, "days": days},
    )  # fmt: skip
    batch.write()
    return NewToken(key, text)
