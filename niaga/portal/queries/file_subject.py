"""Who may see and change the files of what a customer told."""

from uuid import UUID

from niaga.documents.queries.subjects import require_any
from niaga.documents.registry import Subject
from niaga.organization.access import Actor
from niaga.portal.queries.cases import get_case


def case_subject(*, subject_id: UUID, by: Actor, change: bool) -> Subject:
    found = get_case(case_id=subject_id, by=by)
    if change:
        require_any(by=by, kind="portal", actions=("answer",), document=found.customer)
    return Subject("portal_case", found.pk, found.company_id, f"/portal-cases/{found.pk}")
