"""Who of the customers sees their own pages: for the office."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.parties.queries.customers import customer_for
from niaga.portal.queries.access import get_access, listed_accesses
from niaga.portal.queries.tokens import working_tokens
from niaga.portal.services.invite_contact import invite_contact
from niaga.portal.services.revoke_access import revoke_access
from niaga.portal.services.revoke_token import revoke_token

router = Router(tags=["portal"])


class PortalTokenOut(Schema):
    """The text of a token is never told again."""

    id: UUID
    name: str
    access_id: UUID
    may_write: bool
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class PortalAccessOut(Schema):
    """`holds`: it was not revoked, and the address is still the contact's (without one: the customer's)."""

    id: UUID
    contact_id: UUID | None
    name: str
    address: str = Field(description="The e-mail address, or the WhatsApp number in E.164.")
    holds: bool
    invited_at: datetime
    revoked_at: datetime | None

    @staticmethod
    def resolve_address(row: Any) -> str:
        return str(row.person.address)


class PortalInvitationIn(Schema):
    """Without `contact_id` who reads the customer's own address."""

    model_config = ConfigDict(extra="forbid")

    contact_id: UUID | None = None
    way: Literal["email", "whatsapp"] = "email"


@router.get(
    "/customers/{customer_id}/portal-accesses",
    response=list[PortalAccessOut],
    summary="List who sees a customer's pages",
)
def list_portal_accesses(request: HttpRequest, customer_id: UUID) -> Any:
    access_of(request.user).require("portal", "view", customer_for(request.user, customer_id))
    return listed_accesses(by=request.user).filter(customer_id=customer_id).order_by("-invited_at", "-id")[:200]


@router.post(
    "/customers/{customer_id}/portal-accesses", response={201: PortalAccessOut}, summary="Invite to a customer's pages"
)
def post_portal_access(request: HttpRequest, customer_id: UUID, body: PortalInvitationIn) -> Any:
    """A link that signs in once goes out by mail or WhatsApp; again: another link."""
    made = invite_contact(
        customer_id=customer_id, contact_id=body.contact_id, by_whatsapp=body.way == "whatsapp", by=request.user,
        at=now(),
    )  # fmt: skip
    return Status(201, get_access(access_id=made.pk, by=request.user))


@router.delete(
    "/portal-people/{portal_access_id}", response=PortalAccessOut, summary="Revoke access to a customer's pages"
)
def delete_portal_access(request: HttpRequest, portal_access_id: UUID) -> Any:
    """Their next page is refused, on every device, and so is every token of theirs."""
    get_access(access_id=portal_access_id, by=request.user)
    revoke_access(access_id=portal_access_id, by=request.user, at=now())
    return get_access(access_id=portal_access_id, by=request.user)


@router.get("/customers/{customer_id}/portal-tokens", response=list[PortalTokenOut], summary="List a customer's tokens")
def list_portal_tokens(request: HttpRequest, customer_id: UUID) -> Any:
    """Those that work."""
    access_of(request.user).require("portal", "view", customer_for(request.user, customer_id))
    return working_tokens(customer_id, at=now())[:200]


@router.delete("/portal-tokens/{portal_token_id}", response={204: None}, summary="End a customer's token")
def delete_portal_token(request: HttpRequest, portal_token_id: UUID) -> Any:
    """Its next call is refused."""
    revoke_token(token_id=portal_token_id, by=request.user, at=now())
    return Status(204, None)
