"""Ctrl+K's search, for programs."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from niaga.ui.registry import search_everything

router = Router(tags=["search"])


class SearchQuery(Schema):
    q: str = Field(min_length=1, max_length=100)


class HitOut(Schema):
    """`url` is the page; `kind` and `id` name the thing for other calls."""

    kind: str
    id: str
    title: str
    detail: str
    url: str


class SearchOut(Schema):
    items: list[HitOut]


@router.get("/search", response=SearchOut, summary="Search everything")
def search(request: HttpRequest, query: Query[SearchQuery]) -> Any:
    """Customers, products and documents by name or number, as far as you may see them: a few of each kind."""
    _commands, groups = search_everything(request, query.q.strip())
    return {"items": [hit for group in groups for hit in group.hits]}
