"""Tokens of customers' programs, for themselves and for the office."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.portal.models import PortalToken
from niaga.portal.queries.visitors import Visitor, valid_accesses


def tokens_of(visitor: Visitor, *, at: datetime) -> QuerySet[PortalToken]:
    """Those that work, of all people of the visitor's customer, the newest first."""
    return working_tokens(visitor.customer_id, at=at)


def working_tokens(customer_id: UUID, *, at: datetime) -> QuerySet[PortalToken]:
    """The caller has checked access."""
    rows = PortalToken.objects.filter(access__in=valid_accesses().filter(customer_id=customer_id))
    return (
        rows.filter(revoked_at=None, expires_at__gt=at).select_related("access__person").order_by("-created_at", "-id")
    )


def get_token(*, token_id: UUID, by: Actor) -> PortalToken:
    """:raises NotFound: none, or of a customer whose portal `by` may not see"""
    seen = access_of(by).filter(
        "portal", company="access__company_id", branch="access__customer__branch_id",
        salesperson="access__customer__salesperson_id",
    )  # fmt: skip
    found = PortalToken.objects.filter(seen, pk=token_id).first()
    if found is None:
        raise NotFound()
    return found
