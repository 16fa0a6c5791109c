"""Who decides for whom today."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from niaga.approvals.models import Delegation
from niaga.core.clock import today
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.companies import company_profile


def in_force(*, company_id: UUID, at: datetime, zone: str) -> QuerySet[Delegation]:
    """The delegations of a company that hold on the day."""
    day = today(at=at, zone=zone)
    return Delegation.objects.filter(company_id=company_id, ended_at=None, first_day__lte=day, last_day__gte=day)


def deputies_of(people: Collection[UUID], *, company_id: UUID, at: datetime) -> list[UUID]:
    """Who stands in for some people today."""
    rows = in_force(company_id=company_id, at=at, zone=company_profile(company_id).zone)
    return list(rows.filter(person_id__in=people).values_list("deputy_id", flat=True))


def stands_in_for(person_id: UUID, *, company_id: UUID, at: datetime) -> list[UUID]:
    """For whom a person decides today, the longest absent first."""
    rows = in_force(company_id=company_id, at=at, zone=company_profile(company_id).zone)
    return list(rows.filter(deputy_id=person_id).order_by("first_day", "id").values_list("person_id", flat=True))


def delegations(*, by: Actor) -> QuerySet[Delegation]:
    """Those of the person, and for who sets the rules everybody's; the latest first."""
    access = access_of(by)
    rows = Delegation.objects.filter(company_id=access.current_company.id).select_related("person", "deputy")
    if not access.allows("approval", "manage"):
        rows = rows.filter(Q(person_id=by.id) | Q(deputy_id=by.id))
    return rows.order_by("-last_day", "-id")
