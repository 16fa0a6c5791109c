"""Reading the audit trail."""

from uuid import UUID

from django.db.models import QuerySet

from niaga.core.models import AuditEntry


def audit_of(subject_id: UUID) -> QuerySet[AuditEntry]:
    """What happened to a thing, the newest first. The caller has checked that its reader may see the thing."""
    return AuditEntry.objects.filter(subject_id=subject_id).order_by("-at", "-id")
