"""Who changed a thing last."""

from datetime import datetime
from uuid import UUID

from niaga.core.queries.audit import audit_of
from niaga.organization.queries.users import name_of


def last_change(subject_id: UUID) -> tuple[str, datetime] | None:
    """Who changed the thing last, by name (nobody: the system), and when. The caller has checked access to it."""
    latest = audit_of(subject_id).annotate(who=name_of("actor_id")).first()
    return None if latest is None else (latest.who or "", latest.at)
