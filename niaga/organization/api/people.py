"""People, what their roles may do, and the caller's tokens.

Tokens are made in one's profile or by `niaga token create`, not here: a token that makes tokens could never be revoked
for sure, and the stored answer of a repeated POST would keep a secret. For the same reason no password is taken here:
a new person is invited by mail.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, page_of
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.organization.api import schemas
from niaga.organization.models import Role
from niaga.organization.queries import users as queries
from niaga.organization.services.add_member import add_member
from niaga.organization.services.change_user import change_user
from niaga.organization.services.create_role import create_role
from niaga.organization.services.grant_role import grant_role
from niaga.organization.services.revoke_role import revoke_role
from niaga.organization.services.revoke_token import revoke_token
from niaga.organization.services.set_grants import set_grants

router = Router(tags=["people"])


@router.get("/users", response=Page[schemas.UserOut], summary="List people")
def list_users(request: HttpRequest, query: Query[PageQuery], active: bool | None = None) -> Any:
    """People of the company by user name, with their roles."""
    return page_of(queries.users(by=request.user, active=active), order=("username", "id"), query=query)


@router.post("/users", response={201: schemas.UserOut}, summary="Add a person")
def post_user(request: HttpRequest, response: HttpResponse, body: schemas.UserIn) -> Any:
    """Give a new person a log-in and a first role. They choose their password by the link that is mailed to them."""
    here = access_of(request.user).current_company
    made = add_member(company_id=here.id, by=request.user, at=now(), **body.dict())
    response["Location"] = f"/api/v1/users/{made.id}"
    return Status(201, queries.user_in_company(user_id=made.id, by=request.user))


@router.get("/users/me", response=schemas.UserOut, summary="Show yourself")
def read_myself(request: HttpRequest) -> Any:
    """The token's user."""
    return queries.myself(by=request.user)


@router.get("/users/{user_id}", response=schemas.UserOut, summary="Show a person")
def read_user(request: HttpRequest, user_id: UUID) -> Any:
    return queries.user_in_company(user_id=user_id, by=request.user)


@router.patch("/users/{user_id}", response=schemas.UserOut, summary="Change a person")
def patch_user(request: HttpRequest, user_id: UUID, body: schemas.UserPatch) -> Any:
    """Only what is sent is changed; `is_active` says whether they may log in."""
    queries.user_in_company(user_id=user_id, by=request.user)
    values = body.dict(exclude_none=True)
    # Whether a person may log in is another right than their name: each is asked for by itself.
    for part in ({"is_active"}, values.keys() - {"is_active"}):
        if asked := {name: values[name] for name in values if name in part}:
            change_user(user_id=user_id, by=request.user, at=now(), **asked)
    return queries.user_in_company(user_id=user_id, by=request.user)


@router.post("/users/{user_id}/roles", response=schemas.UserOut, summary="Give a person a role")
def post_user_role(request: HttpRequest, response: HttpResponse, user_id: UUID, body: schemas.MembershipIn) -> Any:
    """A role seen from a branch and a team; given again, it moves there."""
    queries.user_in_company(user_id=user_id, by=request.user)
    here = access_of(request.user).current_company
    grant_role(user_id=user_id, company_id=here.id, by=request.user, at=now(), **body.dict())
    response["Location"] = f"/api/v1/users/{user_id}"
    return Status(200, queries.user_in_company(user_id=user_id, by=request.user))


@router.delete("/users/{user_id}/roles/{role}", response={204: None}, summary="Take a role from a person")
def delete_user_role(request: HttpRequest, user_id: UUID, role: str) -> Any:
    """`role` is its code. Somebody must be left who can manage users."""
    person = queries.user_in_company(user_id=user_id, by=request.user)
    held = [one.id for one in person.roles_here if one.role.code == role]  # type: ignore[attr-defined]
    if not held:
        raise NotFound(field="role")
    revoke_role(membership_id=held[0], by=request.user, at=now())
    return Status(204, None)


@router.get("/roles", response=Page[schemas.RoleWithGrants], summary="List roles")
def list_roles(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Roles of the company with all they may do."""
    return page_of(queries.roles(by=request.user), order=("code", "id"), query=query)


def _role(request: HttpRequest, code: str) -> Role:
    found = queries.roles(by=request.user).filter(code=code).first()
    if found is None:
        raise NotFound()
    return found


@router.post("/roles", response={201: schemas.RoleWithGrants}, summary="Create a role")
def post_role(request: HttpRequest, response: HttpResponse, body: schemas.RoleIn) -> Any:
    """A new role with the rights of the one it is `like`, or with none."""
    here = access_of(request.user).current_company
    made = create_role(company_id=here.id, by=request.user, at=now(), **body.dict())
    response["Location"] = f"/api/v1/roles/{made.code}"
    return Status(201, _role(request, made.code))


@router.get("/roles/{code}", response=schemas.RoleWithGrants, summary="Show a role")
def read_role(request: HttpRequest, code: str) -> Any:
    return _role(request, code)


@router.put("/roles/{code}/grants", response=schemas.RoleWithGrants, summary="Set what a role may do")
def put_grants(request: HttpRequest, code: str, body: schemas.GrantsIn) -> Any:
    """These and no others. Somebody must be left who can manage users."""
    role = _role(request, code)
    grants = {(grant.kind, grant.action): grant.reach for grant in body.grants}
    set_grants(role_id=role.id, grants=grants, by=request.user, at=now())
    return _role(request, code)


@router.get("/tokens", response=Page[schemas.TokenOut], summary="List your tokens")
def list_tokens(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Your own tokens, the newest first."""
    return page_of(queries.tokens(by=request.user), order=("-created_at", "-id"), query=query)


@router.delete("/tokens/{token_id}", response={204: None}, summary="Revoke a token")
def delete_token(request: HttpRequest, token_id: UUID) -> Any:
    """Revoke a token; it stays in the list."""
    revoke_token(token_id=token_id, by=request.user, at=now())
    return Status(204, None)
