from datetime import datetime

from django.db import transaction

from niaga.core.batch import Batch
from niaga.documents.registry import Paper
from niaga.documents.services.keep_links import keep_links
from niaga.organization.access import Actor


@transaction.atomic
def link_paper(*, paper: Paper, by: Actor, at: datetime) -> str:
    """The address of the customer's page, for the code on a document's paper: the same on every print."""
    batch = Batch()
    links = keep_links(
        batch=batch, subject_kind=paper.subject_kind, subject_ids=[paper.subject_id], company_id=paper.company_id,
        by=by.id, at=at,
    )  # fmt: skip
    if not batch.is_empty:
        batch.write()
    return links[paper.subject_id]
