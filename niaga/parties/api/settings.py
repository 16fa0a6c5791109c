"""`/customer-groups`, `/payment-terms`, `/tags`: the settings of customers."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, cursor_page
from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.parties.api.schemas import GroupIn, GroupOut, TagIn, TagOut, TermIn, TermOut
from niaga.parties.queries.customer_lists import groups_for, tags_for, terms_for
from niaga.parties.rules.terms import Part
from niaga.parties.services.save_group import save_group
from niaga.parties.services.save_payment_term import save_payment_term
from niaga.parties.services.save_tag import save_tag

groups, terms, tags = Router(tags=["settings"]), Router(tags=["settings"]), Router(tags=["settings"])


def _company(request: HttpRequest) -> UUID:
    return access_of(request.user).current_company.id


def _page(rows: Any, query: PageQuery) -> dict[str, Any]:
    items, next_cursor = cursor_page(rows, order=("id",), query=query)
    return {"items": items, "next_cursor": next_cursor}


@groups.get("", response=Page[GroupOut], summary="List customer groups")
def list_groups(request: HttpRequest, query: Query[PageQuery]) -> Any:
    access_of(request.user).require("customer", "view")
    return _page(groups_for(request.user, archived=True), query)


@groups.post("", response={201: GroupOut}, summary="Create a customer group")
def create_group(request: HttpRequest, body: GroupIn) -> Any:
    return Status(201, save_group(company_id=_company(request), by=request.user, at=now(), **body.dict()))


@groups.put("/{group_id}", response=GroupOut, summary="Change a customer group")
def change_group(request: HttpRequest, group_id: UUID, body: GroupIn) -> Any:
    return save_group(company_id=_company(request), group_id=group_id, by=request.user, at=now(), **body.dict())


@terms.get("", response=Page[TermOut], summary="List payment terms")
def list_terms(request: HttpRequest, query: Query[PageQuery]) -> Any:
    access_of(request.user).require("customer", "view")
    return _page(terms_for(request.user, archived=True), query)


@terms.post("", response={201: TermOut}, summary="Create a payment term")
def create_term(request: HttpRequest, body: TermIn) -> Any:
    return Status(201, _saved(request, body, None))


@terms.put("/{term_id}", response=TermOut, summary="Change a payment term")
def change_term(request: HttpRequest, term_id: UUID, body: TermIn) -> Any:
    return _saved(request, body, term_id)


def _saved(request: HttpRequest, body: TermIn, term_id: UUID | None) -> Any:
    parts = [Part(part.percent, part.days, part.end_of_month, part.after_exchange) for part in body.parts]
    term = save_payment_term(
        company_id=_company(request), code=body.code, name=body.name, parts=parts, term_id=term_id,
        discount_percent=body.discount_percent, discount_days=body.discount_days,
        discount_lessens_tax=body.discount_lessens_tax,
        by=request.user, at=now(),
    )  # fmt: skip
    return terms_for(request.user, archived=True).get(pk=term.pk)


@tags.get("", response=Page[TagOut], summary="List tags")
def list_tags(request: HttpRequest, query: Query[PageQuery]) -> Any:
    access_of(request.user).require("customer", "view")
    return _page(tags_for(request.user), query)


@tags.post("", response={201: TagOut}, summary="Create a tag, or find the one of this name")
def create_tag(request: HttpRequest, body: TagIn) -> Any:
    return Status(201, save_tag(company_id=_company(request), name=body.name, by=request.user, at=now()))
