"""What the company and its groups say about credit."""

from uuid import UUID

from django.db.models import QuerySet

from niaga.organization.access import Actor, access_of
from niaga.parties.models import CreditPolicy, CustomerGroup


def company_days(*, by: Actor) -> int | None:
    """For how many days an invoice may be overdue where neither customer nor group says; None: for any time."""
    return (
        CreditPolicy.objects.filter(pk=access_of(by).current_company.id).values_list("overdue_days", flat=True).first()
    )


def confirms_when_free(company_id: UUID) -> bool:
    """Whether orders that waited for credit are confirmed by themselves once money makes room."""
    return CreditPolicy.objects.filter(pk=company_id, confirms_when_free=True).exists()


def groups_with_credit(*, by: Actor) -> QuerySet[CustomerGroup]:
    """The groups that are in use, with their limit and days."""
    company_id = access_of(by).current_company.id
    return CustomerGroup.objects.filter(company_id=company_id, archived_at=None).order_by("name", "id")
