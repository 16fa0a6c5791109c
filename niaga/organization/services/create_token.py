import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.errors import Forbidden, NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.models import ApiToken, Membership, User
from niaga.organization.services.check_values import BadValue
from niaga.organization.services.tracked import add_row

SCOPES = ("read", "write")
PREFIX = "niaga_"


@dataclass(frozen=True, slots=True)
class NewToken:
    """The one time the token's text is known; only its hash is kept."""

    id: UUID
    text: str


def token_hash(text: str) -> bytes:
    """SHA-256. The text has 256 random bits, so nothing slower is needed."""
    return hashlib.sha256(text.encode()).digest()


@transaction.atomic
def create_token(
    *,
    user_id: UUID,
    name: str,
    scopes: Collection[str] = SCOPES,
    days: int | None = 365,
    company_id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> NewToken:
    """Make a bearer token with which programs work as the user in one company (their first, when none is named).

    `days` is how long it lives; None: until it is revoked.

    :raises NotFound: no such user
    :raises Forbidden: another's token, without the right to manage users; or the user does not work in the company
    :raises BadValue: an unknown scope, or an impossible lifetime
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound(field="user")
    companies = list(
        Membership.objects.filter(user_id=user_id).order_by("company_id").values_list("company_id", flat=True)
    )
    if company_id is None and companies:
        company_id = companies[0]
    if company_id is None or company_id not in companies:
        raise Forbidden()
    if by.id != user_id:
        access_of(by).require("user", "manage", company_id=company_id)
    if not scopes or not set(scopes) <= set(SCOPES):
        raise BadValue(_("A token may read, or read and write."), field="scopes")
    if days is not None and not 1 <= days <= 3650:
        raise BadValue(_("A token lives 1 to 3,650 days."), field="days")
    text = PREFIX + secrets.token_urlsafe(32)
    batch = Batch()
    values: dict[str, Any] = {
        "user_id": user_id,
        "company_id": company_id,
        "name": name.strip() or user.username,
        "token_hash": token_hash(text),
        "scopes": sorted(set(scopes)),
        "created_at": at,
        "expires_at": None if days is None else at + timedelta(days=days),
    }
    token_id = add_row(
        batch=batch, model=ApiToken, kind="api_token", values=values, by=by.id, at=at, company_id=company_id
    )
    batch.write()
    return NewToken(token_id, text)
