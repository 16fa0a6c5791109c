"""Who may see and change the files of a return: photographs of what came, most of all."""

from uuid import UUID

from niaga.documents.queries.subjects import require_any
from niaga.documents.registry import Subject
from niaga.organization.access import Actor
from niaga.returns.queries.returns import see_return


def return_subject(*, subject_id: UUID, by: Actor, change: bool) -> Subject:
    found = see_return(return_id=subject_id, by=by)
    if change:
        require_any(by=by, kind="return", actions=("create", "decide", "receive", "inspect", "settle"), document=found)
    return Subject("return", found.id, found.company_id, f"/returns/{found.id}")
