from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.portal.models import PortalSession


@transaction.atomic
def end_sessions(*, person_id: UUID, session_id: UUID | None, at: datetime) -> int:
    """Sign a device out, or without one all of the person's. Returns how many were signed in."""
    rows = PortalSession.objects.filter(person_id=person_id, ended_at=None)
    if session_id is not None:
        rows = rows.filter(pk=session_id)
    return rows.update(ended_at=at)
