"""Who may see and change the files of a delivery: also who hands the goods over puts the photo there."""

from uuid import UUID

from niaga.core.errors import NotFound
from niaga.documents.queries.subjects import require_any
from niaga.documents.registry import Subject
from niaga.organization.access import Actor
from niaga.stock.queries.deliveries import visible_deliveries


def delivery_subject(*, subject_id: UUID, by: Actor, change: bool) -> Subject:
    found = visible_deliveries(by=by).filter(pk=subject_id).first()
    if found is None:
        raise NotFound()
    if change:
        require_any(by=by, kind="delivery", actions=("change", "ship", "deliver"), document=found)
    return Subject("delivery", found.id, found.company_id, f"/deliveries/{found.id}")
