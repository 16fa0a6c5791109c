"""Branches; and teams, territories and channels, which are kept the same way."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status

from niaga.core.api import Page, page_of
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.organization.api import schemas
from niaga.organization.models import Branch
from niaga.organization.queries import branches as queries
from niaga.organization.services.change_branch import change_branch
from niaga.organization.services.create_branch import create_branch
from niaga.organization.services.keep_channel import keep_channel
from niaga.organization.services.keep_team import keep_team
from niaga.organization.services.keep_territory import keep_territory

router = Router(tags=["company"])


@router.get("/branches", response=Page[schemas.BranchOut], summary="List branches")
def list_branches(request: HttpRequest, query: Query[schemas.PlaceQuery]) -> Any:
    """Branches of the company by code."""
    access_of(request.user).require("setting", "view")
    rows = queries.branches(by=request.user, archived=query.archived)
    return page_of(rows, order=("code", "id"), query=query)


def _branch(request: HttpRequest, branch_id: UUID) -> Branch:
    access_of(request.user).require("setting", "view")
    found = queries.branches(by=request.user, archived=True).filter(pk=branch_id).first()
    if found is None:
        raise NotFound()
    return found


@router.post("/branches", response={201: schemas.BranchOut}, summary="Create a branch")
def post_branch(request: HttpRequest, response: HttpResponse, body: schemas.BranchIn) -> Any:
    """A place of the company: an office, a depot, a store. Without `zone` in the company's time zone."""
    here = access_of(request.user).current_company
    made = create_branch(company_id=here.id, by=request.user, at=now(), **body.dict())
    response["Location"] = f"/api/v1/branches/{made.id}"
    return Status(201, made)


@router.get("/branches/{branch_id}", response=schemas.BranchOut, summary="Show a branch")
def read_branch(request: HttpRequest, branch_id: UUID) -> Any:
    return _branch(request, branch_id)


@router.patch("/branches/{branch_id}", response=schemas.BranchOut, summary="Change a branch")
def patch_branch(request: HttpRequest, branch_id: UUID, body: schemas.BranchPatch) -> Any:
    """Only what is sent is changed."""
    _branch(request, branch_id)
    return change_branch(branch_id=branch_id, by=request.user, at=now(), **body.dict(exclude_none=True))


@router.put("/branches/{branch_id}/archive", response=schemas.BranchOut, summary="Archive a branch")
def archive_branch(request: HttpRequest, branch_id: UUID) -> Any:
    """Close it for new documents."""
    archived_at = _branch(request, branch_id).archived_at or now()
    return change_branch(branch_id=branch_id, archived_at=archived_at, by=request.user, at=now())


@router.delete("/branches/{branch_id}/archive", response=schemas.BranchOut, summary="Restore a branch")
def restore_branch(request: HttpRequest, branch_id: UUID) -> Any:
    _branch(request, branch_id)
    return change_branch(branch_id=branch_id, archived_at=None, by=request.user, at=now())


def _open(
    *, one: str, many: str, rows: Callable[..., QuerySet[Any]], keep: Callable[..., UUID], body: type[Schema],
    out: type[Schema],
) -> None:  # fmt: skip
    """The six operations on a small kind of master data: `rows` reads it, `keep` adds or changes one."""

    def found(request: HttpRequest, row_id: UUID) -> Any:
        access_of(request.user).require("setting", "view")
        row = rows(by=request.user, archived=True).filter(pk=row_id).first()
        if row is None:
            raise NotFound()
        return row

    def kept(request: HttpRequest, row_id: UUID | None, **values: Any) -> Any:
        here = access_of(request.user).current_company
        key = keep(company_id=here.id, by=request.user, at=now(), **{f"{one}_id": row_id}, **values)
        return found(request, key)

    @router.get(
        f"/{many}", response=Page[out], summary=f"List {many}",  # type: ignore[valid-type]
        operation_id=f"list_{many}",
    )  # fmt: skip
    def list_all(request: HttpRequest, query: Query[schemas.PlaceQuery]) -> Any:
        access_of(request.user).require("setting", "view")
        return page_of(rows(by=request.user, archived=query.archived), order=("name", "id"), query=query)

    @router.post(
        f"/{many}", response={201: out}, summary=f"Create a {one}", operation_id=f"create_{one}"
    )  # fmt: skip
    def create(request: HttpRequest, response: HttpResponse, body: body) -> Any:  # type: ignore[valid-type]
        made = kept(request, None, **body.dict())  # type: ignore[attr-defined]
        response["Location"] = f"/api/v1/{many}/{made.id}"
        return Status(201, made)

    shared: dict[str, Any] = {"response": out}

    @router.get(f"/{many}/{{row_id}}", **shared, summary=f"Show a {one}", operation_id=f"read_{one}")
    def read(request: HttpRequest, row_id: UUID) -> Any:
        return found(request, row_id)

    @router.put(f"/{many}/{{row_id}}", **shared, summary=f"Change a {one}", operation_id=f"change_{one}")
    def change(request: HttpRequest, row_id: UUID, body: body) -> Any:  # type: ignore[valid-type]
        return kept(request, row_id, **body.dict())  # type: ignore[attr-defined]

    @router.put(f"/{many}/{{row_id}}/archive", **shared, summary=f"Archive a {one}", operation_id=f"archive_{one}")
    def archive(request: HttpRequest, row_id: UUID) -> Any:
        return kept(request, row_id, archived_at=found(request, row_id).archived_at or now())

    @router.delete(f"/{many}/{{row_id}}/archive", **shared, summary=f"Restore a {one}", operation_id=f"restore_{one}")
    def restore(request: HttpRequest, row_id: UUID) -> Any:
        return kept(request, row_id, archived_at=None)


_open(
    one="team", many="teams", rows=queries.teams, keep=keep_team, body=schemas.TeamIn, out=schemas.TeamOut
)  # fmt: skip
_open(
    one="territory", many="territories", rows=queries.territories, keep=keep_territory, body=schemas.TerritoryIn,
    out=schemas.TerritoryOut,
)  # fmt: skip
_open(
    one="channel", many="channels", rows=queries.channels, keep=keep_channel, body=schemas.ChannelIn,
    out=schemas.ChannelOut,
)  # fmt: skip
