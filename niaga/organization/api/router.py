"""The company, its branches and people, and the caller's tokens.

Tokens are made in one's profile or by `niaga token create`, not here: a token that makes tokens could never be revoked
for sure, and the stored answer of a repeated POST would keep a secret.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from niaga.core.api import PROBLEMS, Page, PageQuery, cursor_page
from niaga.core.clock import now, today
from niaga.organization.access import access_of
from niaga.organization.api import schemas
from niaga.organization.queries import branches as branch_queries
from niaga.organization.queries import users as user_queries
from niaga.organization.queries.companies import company_profile
from niaga.organization.queries.fiscal import fiscal_setting
from niaga.organization.services.revoke_token import revoke_token

router = Router(tags=["organization"])


@router.get("/company", response={200: schemas.CompanyOut, **PROBLEMS})
def read_company(request: HttpRequest) -> Any:
    """The company in which the token works, with the fiscal setting of its today."""
    access = access_of(request.user)
    access.require("setting", "view")
    here = access.current_company
    profile = company_profile(here.id)
    facts = {name: getattr(profile, name) for name in profile.__dataclass_fields__}
    return {**facts, "fiscal": fiscal_setting(here.id, today(at=now(), zone=here.zone))}


@router.get("/branches", response={200: Page[schemas.BranchOut], **PROBLEMS})
def list_branches(request: HttpRequest, page: Query[PageQuery], archived: bool = False) -> Any:
    """Branches of the company by code."""
    access_of(request.user).require("setting", "view")
    rows = branch_queries.branches(by=request.user, archived=archived)
    items, cursor = cursor_page(rows, order=("code", "id"), query=page)
    return {"items": items, "next_cursor": cursor}


@router.get("/users", response={200: Page[schemas.UserOut], **PROBLEMS})
def list_users(request: HttpRequest, page: Query[PageQuery], active: bool | None = None) -> Any:
    """People of the company by user name, with their roles."""
    rows = user_queries.users(by=request.user, active=active)
    items, cursor = cursor_page(rows, order=("username", "id"), query=page)
    return {"items": items, "next_cursor": cursor}


@router.get("/users/me", response={200: schemas.UserOut, **PROBLEMS})
def read_myself(request: HttpRequest) -> Any:
    """The token's user."""
    return user_queries.myself(by=request.user)


@router.get("/users/{user_id}", response={200: schemas.UserOut, **PROBLEMS})
def read_user(request: HttpRequest, user_id: UUID) -> Any:
    return user_queries.user_in_company(user_id=user_id, by=request.user)


@router.get("/tokens", response={200: Page[schemas.TokenOut], **PROBLEMS})
def list_tokens(request: HttpRequest, page: Query[PageQuery]) -> Any:
    """Your own tokens, the newest first."""
    items, cursor = cursor_page(user_queries.tokens(by=request.user), order=("-created_at", "-id"), query=page)
    return {"items": items, "next_cursor": cursor}


@router.delete("/tokens/{token_id}", response={204: None, **PROBLEMS})
def delete_token(request: HttpRequest, token_id: UUID) -> Any:
    """Revoke a token; it stays in the list."""
    revoke_token(token_id=token_id, by=request.user, at=now())
    return Status(204, None)
