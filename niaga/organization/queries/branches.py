"""Places, teams, territories and channels of a company."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.models import Branch, Channel, Team, Territory
from niaga.organization.rules.membership import BranchFacts


def branches(*, by: Actor, archived: bool = False) -> QuerySet[Branch]:
    """Branches of the current company, the head office first; archived ones only when asked for."""
    found = Branch.objects.filter(company_id=access_of(by).current_company.id)
    return (found if archived else found.filter(archived_at=None)).order_by("-is_head", "code")


def branch_choices(*, by: Actor) -> QuerySet[Branch]:
    """Branches in which the actor can make documents: those they are bound to, else all of the company."""
    access = access_of(by)
    found = branches(by=by)
    return found.filter(pk__in=access.branch_ids) if access.branch_ids else found


def branch_facts(branch_id: UUID) -> BranchFacts:
    """What a document needs to know of its branch.

    :raises NotFound: no such branch
    """
    row = Branch.objects.filter(pk=branch_id).values_list("id", "company_id", "code", "name", "zone").first()
    if row is None:
        raise NotFound(field="branch")
    return BranchFacts(*row)


def branch_names(company_id: UUID) -> dict[UUID, str]:
    return dict(Branch.objects.filter(company_id=company_id).values_list("id", "name"))


def branches_by_code(company_id: UUID) -> dict[str, UUID]:
    """For imports: ids of a company's branches by code."""
    return dict(Branch.objects.filter(company_id=company_id).values_list("code", "id"))


def teams(*, by: Actor, archived: bool = False) -> QuerySet[Team]:
    found = Team.objects.filter(company_id=access_of(by).current_company.id).select_related("branch")
    return (found if archived else found.filter(archived_at=None)).order_by("name")


def territories(*, by: Actor, archived: bool = False) -> QuerySet[Territory]:
    found = Territory.objects.filter(company_id=access_of(by).current_company.id)
    return (found if archived else found.filter(archived_at=None)).order_by("name")


def channels(*, by: Actor, archived: bool = False) -> QuerySet[Channel]:
    found = Channel.objects.filter(company_id=access_of(by).current_company.id)
    return (found if archived else found.filter(archived_at=None)).order_by("code")


def channel_by_code(company_id: UUID, code: str) -> UUID:
    """:raises NotFound: the company has no such channel"""
    found = Channel.objects.filter(company_id=company_id, code=code).values_list("id", flat=True).first()
    if found is None:
        raise NotFound(field="channel")
    return found


def has_channel(company_id: UUID, channel_id: UUID) -> bool:
    return Channel.objects.filter(pk=channel_id, company_id=company_id).exists()


def has_territory(company_id: UUID, territory_id: UUID) -> bool:
    """Whether the company has this territory, and still uses it."""
    return Territory.objects.filter(pk=territory_id, company_id=company_id, archived_at=None).exists()


def has_branch(company_id: UUID, branch_id: UUID) -> bool:
    """Whether the company has this branch, and still uses it."""
    return Branch.objects.filter(pk=branch_id, company_id=company_id, archived_at=None).exists()


def matching_branches(rows: QuerySet[Branch], text: str) -> QuerySet[Branch]:
    return rows.filter(Q(name__icontains=text) | Q(code__istartswith=text) | Q(city__icontains=text))


def head_branch(company_id: UUID) -> UUID:
    """The company's head office; every company has exactly one."""
    return Branch.objects.values_list("pk", flat=True).get(company_id=company_id, is_head=True)


def branch_zones(company_id: UUID) -> dict[UUID, ZoneInfo]:
    """The time zone of each branch of a company, archived ones too."""
    return {key: ZoneInfo(zone) for key, zone in Branch.objects.filter(company_id=company_id).values_list("id", "zone")}
