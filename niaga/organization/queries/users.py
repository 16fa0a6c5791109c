"""The people of a company."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from niaga.core.errors import Forbidden, NotFound
from niaga.core.queries.audit import audit_of
from niaga.core.queries.compiled import Compiled
from niaga.organization.access import Actor, access_of
from niaga.organization.models import ApiToken, Company, Grant, Membership, Role, User


def users(*, by: Actor, active: bool | None = None) -> QuerySet[User]:
    """People of the current company with their roles there, by name.

    :raises Forbidden: `by` may not see users
    """
    access = access_of(by)
    access.require("user", "view")
    here = access.current_company.id
    found = User.objects.filter(pk__in=Membership.objects.filter(company_id=here).values("user_id"))
    if active is not None:
        found = found.filter(is_active=active)
    memberships = Membership.objects.filter(company_id=here).select_related("role", "branch", "team").order_by("id")
    return found.prefetch_related(Prefetch("memberships", memberships, to_attr="roles_here")).order_by("name", "id")


def user_in_company(*, user_id: UUID, by: Actor) -> User:
    """:raises NotFound: no such person in the current company"""
    user = users(by=by).filter(pk=user_id).first()
    if user is None:
        raise NotFound()
    return user


def _person(by: Actor) -> UUID:
    """:raises Forbidden: the actor is no person"""
    if by.id is None:
        raise Forbidden()
    return by.id


def myself(*, by: Actor) -> User:
    """The actor as a person of the current company; everybody may see themselves.

    :raises Forbidden: the actor works in no company
    """
    here = access_of(by).current_company.id
    memberships = Membership.objects.filter(company_id=here).select_related("role", "branch", "team").order_by("id")
    return User.objects.prefetch_related(Prefetch("memberships", memberships, to_attr="roles_here")).get(pk=_person(by))


def user_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of people by id, for audit rows and timelines; one statement, none when there are no ids."""
    wanted = {user_id for user_id in ids if user_id is not None}
    if not wanted:
        return {}
    rows = User.objects.filter(pk__in=wanted).values_list("id", "name", "username")
    return {user_id: name or username for user_id, name, username in rows}


def name_of(person: str) -> Subquery:
    """The name of the person whose id is in the column `person`, beside the rows of any app; nothing for nobody."""
    names = User.objects.filter(pk=OuterRef(person)).annotate(said=Coalesce(NullIf("name", Value("")), "username"))
    return Subquery(names.values("said"))


def deeds_of(subject_id: UUID) -> list[Any]:
    """The last 50 audit rows of a thing, the newest first, each with `who` did it. One statement.

    The caller has checked that its reader may see the thing.
    """
    return _DEEDS.objects(subject_id)


_DEEDS = Compiled(lambda subject_id: audit_of(subject_id).annotate(who=name_of("actor_id"))[:50])


def salespeople(*, by: Actor) -> QuerySet[User]:
    """Active people of the current company whom documents can belong to, by name."""
    here = access_of(by).current_company.id
    return User.objects.filter(
        is_active=True, pk__in=Membership.objects.filter(company_id=here).values("user_id")
    ).order_by("name", "id")


def managers_remain(
    company_id: UUID, *, without_user: UUID | None = None, without_membership: UUID | None = None
) -> bool:
    """Whether somebody active can manage users of the company, leaving a person or a membership out."""
    found = Membership.objects.filter(
        company_id=company_id,
        user__is_active=True,
        role__in=Grant.objects.filter(kind="user", action="manage").values("role_id"),
    )
    if without_user is not None:
        found = found.exclude(user_id=without_user)
    if without_membership is not None:
        found = found.exclude(pk=without_membership)
    return found.exists()


def roles(*, by: Actor) -> QuerySet[Role]:
    """Roles of the current company with their grants.

    :raises Forbidden: `by` may not see users
    """
    access = access_of(by)
    access.require("user", "view")
    return Role.objects.filter(company_id=access.current_company.id).prefetch_related("grants").order_by("id")


def tokens(*, by: Actor) -> QuerySet[ApiToken]:
    """The actor's own tokens, the newest first."""
    return ApiToken.objects.filter(user_id=_person(by)).select_related("company").order_by("-created_at", "-id")


@dataclass(frozen=True, slots=True)
class InvitedPerson:
    name: str
    username: str
    email: str
    language: str
    company_id: UUID
    company: str


def invited_person(*, user_id: UUID, company_id: UUID | None) -> InvitedPerson | None:
    """Whom to mail a link for choosing a password; None: they have one, have no address, or may not log in."""
    user = User.objects.filter(pk=user_id, is_active=True).exclude(email="").first()
    if user is None or user.has_usable_password():
        return None
    companies = Company.objects.filter(archived_at=None)
    theirs = companies.filter(pk__in=Membership.objects.filter(user_id=user_id).values("company_id"))
    company = (companies.filter(pk=company_id) if company_id else theirs).first() or companies.order_by("id").first()
    if company is None:
        return None
    return InvitedPerson(user.name, user.username, user.email, user.language, company.id, company.name)


def companies_of(user_id: UUID) -> list[UUID]:
    """Companies in which the person has a role."""
    found = Membership.objects.filter(user_id=user_id).order_by("company_id").values_list("company_id", flat=True)
    return list(found.distinct())


def works_in(company_id: UUID, user_id: UUID) -> bool:
    """Whether the person has a role in the company."""
    return Membership.objects.filter(company_id=company_id, user_id=user_id).exists()


def matching_users(rows: QuerySet[User], text: str) -> QuerySet[User]:
    return rows.filter(Q(name__icontains=text) | Q(username__icontains=text) | Q(email__icontains=text))


def role_to_set(*, role_id: UUID, by: Actor) -> Role:
    """:raises NotFound: no such role in the current company"""
    role = roles(by=by).filter(pk=role_id).first()
    if role is None:
        raise NotFound()
    return role


def people_by_role(*, by: Actor) -> dict[UUID, int]:
    """How many active people have each role of the current company."""
    here = access_of(by).current_company.id
    found = Membership.objects.filter(company_id=here, user__is_active=True).values("role_id")
    return {row["role_id"]: row["people"] for row in found.annotate(people=Count("id"))}


def person_by_id(user_id: UUID) -> User:
    """For jobs that work on as the person who sent them.

    :raises NotFound: no such person, or no longer active
    """
    found = User.objects.filter(pk=user_id, is_active=True).first()
    if found is None:
        raise NotFound(field="user")
    return found


def nobody_yet() -> bool:
    """Whether this installation is empty: neither a company nor a person."""
    return not Company.objects.exists() and not User.objects.exists()
