from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.errors import NotFound
from niaga.documents.services.attach_files import attach_files
from niaga.portal.errors import BadProof, TooOften
from niaga.portal.queries.access import portal_settings
from niaga.portal.queries.bought import order_of, returns_of
from niaga.portal.queries.visitors import Visitor
from niaga.portal.services.open_case import Files, check_files
from niaga.returns.services.check_items import ReturnItem
from niaga.returns.services.request_return import request_return

MOST_OPEN = 20


@transaction.atomic
def ask_return(
    *, visitor: Visitor, order_id: UUID, items: Sequence[ReturnItem], wish: str, note: str, files: Files, at: datetime
) -> UUID:
    """Ask that goods of an order come back, with photographs. The office decides. Returns the return's id.

    :raises NotFound: no such order of the customer, or the company takes no returns here
    :raises TooOften: twenty wait for a decision already
    :raises Refusal: as `request_return`; BadProof: a file is neither a picture nor a PDF
    """
    if not portal_settings(visitor.company_id).takes_returns:
        raise NotFound()
    order_of(visitor, order_id)
    if returns_of(visitor).filter(status="requested").count() >= MOST_OPEN:
        raise TooOften()
    check_files(files)
    rma = request_return(
        order_id=order_id, items=items, wish=wish, source="portal", asked_by=visitor.name, note=note, by=visitor.actor,
        at=at,
    )  # fmt: skip
    kept = attach_files(
        subject_kind="return", subject_id=rma.pk, files=files, by=visitor.actor, at=at, purpose="portal"
    )
    if any(not one.file.inline for one in kept):
        raise BadProof(field="files")
    return rma.pk
