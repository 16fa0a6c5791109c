"""Files on documents, customers and products; documents as PDF."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from niaga.core.api import Problem
from niaga.core.clock import now
from niaga.documents.api.templates import router as templates
from niaga.documents.api.timelines import router as timelines
from niaga.documents.models import Attachment
from niaga.documents.queries.attachments import attachment_for, attachments_of
from niaga.documents.queries.subjects import subject_of
from niaga.documents.services.attach_file import attach_file
from niaga.documents.services.print_paper import print_paper
from niaga.documents.services.remove_attachment import remove_attachment
from niaga.documents.services.set_logo import set_logo
from niaga.documents.web.serving import serve_file, serve_pdf
from niaga.organization.access import access_of

router = Router(tags=["files"])
router.add_router("", timelines)
router.add_router("", templates)


class AttachmentIn(Schema):
    subject_kind: str = Field(max_length=40, description="`quotation`, `invoice`, `customer`, `product` …")
    subject_id: UUID
    purpose: str = Field("", max_length=20, description="`photo`, `signature`, `image`, `logo`: pictures only.")


class AttachmentOut(Schema):
    id: UUID
    subject_kind: str
    subject_id: UUID
    purpose: str
    name: str
    media_type: str
    size: int
    sha256: str
    shown_inline: bool
    width: int | None
    height: int | None
    created_at: datetime


class AttachmentList(Schema):
    items: list[AttachmentOut]


def _out(row: Attachment) -> dict[str, Any]:
    names = ("id", "subject_kind", "subject_id", "purpose", "name", "created_at")
    of_file = ("media_type", "size", "sha256", "width", "height")
    facts = {name: getattr(row, name) for name in names} | {name: getattr(row.file, name) for name in of_file}
    return facts | {"shown_inline": row.file.inline}


@router.get("/attachments", response=AttachmentList, summary="List attachments")
def list_attachments(request: HttpRequest, subject_kind: str, subject_id: UUID) -> Any:
    """The files of one document, customer or product; there are never more than 200."""
    subject_of(kind=subject_kind, subject_id=subject_id, by=request.user)
    rows = attachments_of(kind=subject_kind, ids=[subject_id]).get(subject_id, [])
    return {"items": [_out(row) for row in rows]}


@router.post("/attachments", response={201: AttachmentOut}, summary="Attach a file")
def post_attachment(
    request: HttpRequest, response: HttpResponse, facts: Form[AttachmentIn], file: File[UploadedFile]
) -> Any:
    """Put a file of at most 25 MB on something. Pictures and PDFs are written anew before they are kept."""
    row = attach_file(
        subject_kind=facts.subject_kind, subject_id=facts.subject_id, name=file.name or "", content=file,
        by=request.user, at=now(), purpose=facts.purpose,
    )  # fmt: skip
    response["Location"] = f"/api/v1/attachments/{row.id}"
    return Status(201, _out(row))


@router.get("/attachments/{attachment_id}", response=AttachmentOut, summary="Show an attachment")
def read_attachment(request: HttpRequest, attachment_id: UUID) -> Any:
    return _out(attachment_for(attachment_id=attachment_id, by=request.user))


@router.get(
    "/attachments/{attachment_id}/content",
    summary="Download an attachment",
    openapi_extra={
        "responses": {
            200: {
                "description": "The bytes; pictures and PDFs by their own type, everything else as octets to download.",
                "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
            },
            304: {"description": "What you have is still right."},
        }
    },
)
def read_content(request: HttpRequest, attachment_id: UUID) -> HttpResponseBase:
    row = attachment_for(attachment_id=attachment_id, by=request.user)
    return serve_file(
        request, sha256=row.file.sha256, media_type=row.file.media_type, name=row.name, inline=row.file.inline,
        download=True,
    )  # fmt: skip


@router.delete("/attachments/{attachment_id}", response={204: None}, summary="Remove an attachment")
def delete_attachment(request: HttpRequest, attachment_id: UUID) -> Any:
    """Take the file off. A second time it is not found."""
    remove_attachment(attachment_id=attachment_id, by=request.user, at=now())
    return Status(204, None)


@router.post("/company/logo", response={201: AttachmentOut}, summary="Set the company's logo")
def post_logo(request: HttpRequest, file: File[UploadedFile]) -> Any:
    """Print this picture on the company's documents from now on. Issued papers keep theirs."""
    here = access_of(request.user).current_company
    logo = set_logo(company_id=here.id, name=file.name or "", content=file, by=request.user, at=now())
    assert logo is not None, "there was content"
    return Status(201, _out(logo))


@router.delete("/company/logo", response={204: None}, summary="Print no logo")
def delete_logo(request: HttpRequest) -> Any:
    here = access_of(request.user).current_company
    set_logo(company_id=here.id, name="", content=None, by=request.user, at=now())
    return Status(204, None)


@router.get(
    "/papers/{kind}/{subject_id}",
    summary="Print a document",
    response={503: Problem},
    openapi_extra={
        "responses": {
            200: {
                "description": "The PDF.",
                "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
def read_paper(
    request: HttpRequest, kind: str, subject_id: UUID, language: str = "", variant: str = ""
) -> HttpResponseBase:
    """A `quotation`, `order`, `pro_forma`, `delivery` (variant `pick_list`), `route` (its load list; variant
    `last_first`), `invoice`, `payment`, `return` or `exchange_round` (variant: the customer) as PDF.

    `language` is `id` or `en`, without it the customer's. The PDF of an issued invoice is always the same bytes.
    """
    printed = print_paper(
        kind=kind, subject_id=subject_id, by=request.user, at=now(), language=language, variant=variant
    )
    return serve_pdf(printed.content, name=printed.name, download=True)
