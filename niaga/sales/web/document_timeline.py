"""The story of a document's page, with the great moments of the documents around it."""

from collections.abc import Mapping
from uuid import UUID

from niaga.sales.queries.story import story_of
from niaga.sales.web.words import timeline
from niaga.ui.documents import DocumentPage, TimelineEntry


def document_timeline(page: DocumentPage, further: Mapping[UUID, str] | None = None) -> list[TimelineEntry]:
    """What happened to the document of a page whose chain was read, and to its deliveries, invoices and payments.

    `further` names what is no document of the chain, such as pro-forma invoices, by key.
    """
    numbers = {link.id: link.number for stage in page.chain for link in stage.links} | dict(further or {})
    return timeline(page.kind, story_of(subject_ids={page.id, *numbers}), numbers)
