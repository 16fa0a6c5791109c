"""The story of a document's page, with the great moments of the documents around it."""

from niaga.sales.queries.story import story_of
from niaga.sales.web.words import timeline
from niaga.ui.documents import DocumentPage, TimelineEntry


def document_timeline(page: DocumentPage) -> list[TimelineEntry]:
    """What happened to the document of a page whose chain was read, and to its deliveries, invoices and payments."""
    numbers = {link.id: link.number for stage in page.chain for link in stage.links}
    return timeline(page.kind, story_of(subject_ids={page.id, *numbers}), numbers)
