from uuid import UUID

from niaga.parties.models import CustomerGroup


def group_belongs(*, company_id: UUID, group_id: UUID) -> bool:
    """Whether the company has this customer group, and still uses it."""
    return CustomerGroup.objects.filter(pk=group_id, company_id=company_id, archived_at=None).exists()
