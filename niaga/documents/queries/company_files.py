"""The company's own files (its logo): organization stands below documents, so documents asks for it."""

from uuid import UUID

from niaga.core.errors import NotFound
from niaga.documents.registry import Subject
from niaga.organization.access import SYSTEM, Actor, access_of


def company_subject(*, subject_id: UUID, by: Actor, change: bool) -> Subject:
    """Everybody who works in the company sees its logo; who may change its settings may change it."""
    access = access_of(by)
    if by is not SYSTEM:
        if subject_id not in access.company_ids:
            raise NotFound(field="subject_id")
        if change:
            access.require("setting", "manage", company_id=subject_id)
    return Subject("company", subject_id, subject_id)
