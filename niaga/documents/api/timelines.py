"""Who did what with a document, customer or product, and when."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from niaga.core.api import Page, PageQuery, page_of
from niaga.core.queries.audit import audit_of
from niaga.documents.queries.subjects import subject_of
from niaga.organization.queries.users import user_names

router = Router(tags=["timelines"])


class DeedOut(Schema):
    """`verb` is what was done. Without `actor_id` the customer did it on a public link, or Niaga by itself."""

    id: UUID
    at: datetime
    verb: str
    from_status: str
    to_status: str
    actor_id: UUID | None
    actor: str
    note: str


@router.get("/timelines/{kind}/{subject_id}", response=Page[DeedOut], summary="List what was done with it")
def list_deeds(request: HttpRequest, kind: str, subject_id: UUID, query: Query[PageQuery]) -> Any:
    """Everything that was done with a `quotation`, `order`, `delivery`, `invoice`, `payment`, `customer` or `product`.

    The newest first. Mails about it are in `GET /emails?subject_id=…`.
    """
    subject = subject_of(kind=kind, subject_id=subject_id, by=request.user)
    page = page_of(audit_of(subject.id), order=("-at", "-id"), query=query)
    names = user_names(row.actor_id for row in page["items"])
    for row in page["items"]:
        row.actor = names.get(row.actor_id, "") if row.actor_id else ""
    return page
