"""Templates of papers: their drafts, what is published, and whose papers they make."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from niaga.core.api import Page, PageQuery, page_of
from niaga.core.clock import now
from niaga.documents.models import PaperTemplate
from niaga.documents.queries.templates import template_for, templates
from niaga.documents.rules.choose_template import Scope
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.services.publish_template import publish_template
from niaga.documents.services.save_template import create_template, save_template
from niaga.documents.services.set_template_default import set_template_default
from niaga.organization.access import access_of

router = Router(tags=["settings"])


class PaperTemplateIn(Schema):
    kind: PrintKind
    name: str = Field(max_length=80)
    design: dict[str, Any] = Field(default_factory=dict, description="What is left out is as usual.")


class PaperTemplateChange(Schema):
    name: str | None = Field(None, max_length=80)
    design: dict[str, Any] | None = None


class PublicationIn(Schema):
    restores: int | None = Field(None, ge=1, le=2**31 - 1, description="An earlier version, to publish it again.")


class PaperTemplateDefaultIn(Schema):
    kind: PrintKind
    scope: Scope
    scope_id: UUID = Field(description="Of the company, branch, channel or customer.")
    paper_template_id: UUID | None = Field(None, description="None: the wider default holds again.")


class PaperTemplateOut(Schema):
    id: UUID
    kind: str
    name: str
    draft: dict[str, Any]
    version: int | None
    published: dict[str, Any] | None
    published_at: datetime | None


def _out(row: PaperTemplate) -> dict[str, Any]:
    newest = row.published
    facts = {name: getattr(row, name) for name in ("id", "kind", "name", "draft")}
    return facts | {
        "version": newest.number if newest else None,
        "published": newest.design if newest else None,
        "published_at": newest.at if newest else None,
    }


@router.get("/paper-templates", response=Page[PaperTemplateOut], summary="List templates of papers")
def list_templates(request: HttpRequest, query: Query[PageQuery]) -> Any:
    found = page_of(templates(by=request.user), order=("id",), query=query)
    return found | {"items": [_out(row) for row in found["items"]]}


@router.get("/paper-templates/{paper_template_id}", response=PaperTemplateOut, summary="Show a template of papers")
def read_template(request: HttpRequest, paper_template_id: UUID) -> Any:
    return _out(template_for(template_id=paper_template_id, by=request.user))


@router.post("/paper-templates", response={201: PaperTemplateOut}, summary="Add a template of papers")
def post_template(request: HttpRequest, response: HttpResponse, body: PaperTemplateIn) -> Any:
    """As a draft: no paper looks like it before it is published and somebody's default."""
    made = create_template(
        company_id=access_of(request.user).current_company.id, kind=body.kind, name=body.name, design=body.design,
        by=request.user, at=now(),
    )  # fmt: skip
    response["Location"] = f"/api/v1/paper-templates/{made}"
    return Status(201, _out(template_for(template_id=made, by=request.user)))


@router.patch("/paper-templates/{paper_template_id}", response=PaperTemplateOut, summary="Change a template's draft")
def patch_template(request: HttpRequest, paper_template_id: UUID, body: PaperTemplateChange) -> Any:
    """Text may hold placeholders such as `{{customer.name}}`; an unknown one is refused, with its field."""
    save_template(template_id=paper_template_id, name=body.name, design=body.design, by=request.user, at=now())
    return _out(template_for(template_id=paper_template_id, by=request.user))


@router.post(
    "/paper-templates/{paper_template_id}/publication", response={201: PaperTemplateOut}, summary="Publish a template"
)
def post_publication(request: HttpRequest, response: HttpResponse, paper_template_id: UUID, body: PublicationIn) -> Any:
    """Papers made from now on follow it; what was issued keeps its bytes."""
    publish_template(template_id=paper_template_id, restores=body.restores, by=request.user, at=now())
    response["Location"] = f"/api/v1/paper-templates/{paper_template_id}"
    return Status(201, _out(template_for(template_id=paper_template_id, by=request.user)))


@router.put("/paper-template-defaults", response={204: None}, summary="Choose whose papers a template makes")
def put_default(request: HttpRequest, body: PaperTemplateDefaultIn) -> Any:
    """The most particular default holds: the customer's, then the channel's, the branch's, the company's."""
    set_template_default(
        company_id=access_of(request.user).current_company.id, kind=body.kind, scope=body.scope,
        scope_id=body.scope_id, template_id=body.paper_template_id, by=request.user, at=now(),
    )  # fmt: skip
    return Status(204, None)
