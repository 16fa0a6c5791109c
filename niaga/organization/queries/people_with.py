"""Who has a right in a company: for notices about what somebody should look after."""

from uuid import UUID

from django.db.models import Exists, OuterRef

from niaga.organization.models import Grant, Membership


def people_with(*, company_id: UUID, kind: str, action: str) -> list[UUID]:
    """Active people whose role has it, whatever its reach."""
    granted = Grant.objects.filter(role_id=OuterRef("role_id"), kind=kind, action=action)
    rows = Membership.objects.filter(Exists(granted), company_id=company_id, user__is_active=True)
    return sorted(set(rows.values_list("user_id", flat=True)))
