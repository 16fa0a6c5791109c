"""Reading the audit trail."""

from uuid import UUID

from niaga.core.models import AuditEntry


def audit_of(subject_id: UUID, *, most: int = 50) -> list[AuditEntry]:
    """What happened to a thing, the newest first. The caller has checked that its reader may see the thing."""
    return list(AuditEntry.objects.filter(subject_id=subject_id).order_by("-at", "-id")[:most])
