"""Who changed a thing last."""

from datetime import datetime
from uuid import UUID

from niaga.core.queries.audit import audit_of
from niaga.organization.queries.users import user_names


def last_change(subject_id: UUID) -> tuple[str, datetime] | None:
    """Who changed the thing last, by name (nobody: the system), and when. The caller has checked access to it."""
    latest = audit_of(subject_id, most=1)
    if not latest:
        return None
    names = user_names([latest[0].actor_id])
    return next(iter(names.values()), ""), latest[0].at
