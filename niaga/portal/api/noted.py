"""A customer's program is a visit as their people's are: who looked at what is noted, once in ten minutes."""

from uuid import UUID

from django.http import HttpRequest

from niaga.core.clock import now
from niaga.portal.queries.visitors import Visitor
from niaga.portal.services.note_visit import note_visit


def noted(request: HttpRequest, page: str, subject_id: UUID | None = None) -> Visitor:
    """The visitor whose token it is. `page` is what the visit is noted as, by the names of the pages."""
    visitor: Visitor = request.auth  # type: ignore[attr-defined]
    note_visit(
        session_id=visitor.session_id, person_id=visitor.person_id, company_id=visitor.company_id,
        customer_id=visitor.customer_id, page=page, subject_id=subject_id, at=now(),
    )  # fmt: skip
    return visitor
